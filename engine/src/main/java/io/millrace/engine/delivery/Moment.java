package io.millrace.engine.delivery;

import io.millrace.engine.time.TimeSource;

/**
 * A point in time on both clocks.
 *
 * @param nanos on the monotonic clock, for what is waited for in this process
 * @param millis since 1970, for what must outlive it
 */
public record Moment(long nanos, long millis) {
    /**
     * The monotonic time of a moment that is told in milliseconds since 1970; now if it is over.
     */
    long nanosAt(long at) {
        return nanos + Math.max(0, at - millis) * 1_000_000;
    }

    public static Moment of(TimeSource time) {
        return new Moment(time.nanos(), time.now().toEpochMilli());
    }
}
