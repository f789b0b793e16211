/**
 * Room 8: decides what an attempt's end means for each of its events.
 *
 * <p>In: attempt ends. Out: dispositions. Pure; runs on the stream thread.
 */
@NullMarked
package io.millrace.engine.outcome;

import org.jspecify.annotations.NullMarked;
