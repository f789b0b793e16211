/**
 * Room 8: decides what an attempt's end means.
 *
 * <p>In: failures, attempt counts, policies. Out: dispositions, delays, billed durations. Pure;
 * runs on the stream thread.
 */
@NullMarked
package io.millrace.engine.outcome;

import org.jspecify.annotations.NullMarked;
