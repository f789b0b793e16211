package io.millrace.engine.outcome;

import java.time.Duration;

/** Durations as they are billed: rounded up to whole milliseconds (MET-1). */
public final class BilledDuration {
    private BilledDuration() {}

    /** Whole milliseconds, rounded up; at least 1, since every invocation is billed. */
    public static long millis(Duration duration) {
        return Math.max(1, Math.ceilDiv(duration.toNanos(), 1_000_000));
    }
}
