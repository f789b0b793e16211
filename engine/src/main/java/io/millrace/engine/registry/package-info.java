/** Functions and triggers in compacted topics: published, read back, followed. */
@NullMarked
package io.millrace.engine.registry;

import org.jspecify.annotations.NullMarked;
