/** Settings of the engine: key, documentation and default side by side. */
@NullMarked
package io.millrace.engine.config;

import org.jspecify.annotations.NullMarked;
