package io.millrace.engine.time;

import java.time.Instant;

/** Wall clock and monotonic clock. Threading: any thread. */
public interface TimeSource {
    /** The wall clock: for timestamps and ages, never for durations. */
    Instant now();

    /** The monotonic clock in nanoseconds: for durations and deadlines. */
    long nanos();
}
