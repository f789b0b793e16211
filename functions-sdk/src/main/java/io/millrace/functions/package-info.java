/**
 * How a function is written: one class that implements {@link io.millrace.functions.Handler} or
 * {@link io.millrace.functions.BatchHandler}.
 *
 * <p>In: an event and its {@link io.millrace.functions.Context}. Out: what the handler returns, or
 * what it throws. Must not be here: anything that needs more than the JDK, anything of the engine.
 */
@NullMarked
package io.millrace.functions;

import org.jspecify.annotations.NullMarked;
