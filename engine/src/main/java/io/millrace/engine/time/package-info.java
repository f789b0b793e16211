/** The only place that reads a clock. */
@NullMarked
package io.millrace.engine.time;

import org.jspecify.annotations.NullMarked;
