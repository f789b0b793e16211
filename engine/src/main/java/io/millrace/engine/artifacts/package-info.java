/** Packages of functions in the compacted code topic, in chunks, addressed by digest. */
@NullMarked
package io.millrace.engine.artifacts;

import org.jspecify.annotations.NullMarked;
