package io.millrace.engine.model;

import java.time.Duration;

/**
 * Tumbling windows: the events of a partition are gathered by their timestamps, and a state is
 * passed from batch to batch of a window (WIN-1).
 *
 * @param size 1 s to 15 min; windows are aligned to 1970
 * @param grace how long after its end a window waits for events, 0 s to 15 min
 */
public record WindowPolicy(Duration size, Duration grace) {
    public static final Duration MIN_SIZE = Duration.ofSeconds(1);
    public static final Duration MAX_SIZE = Duration.ofMinutes(15);
    public static final Duration DEFAULT_GRACE = Duration.ofSeconds(5);
    public static final Duration MAX_GRACE = Duration.ofMinutes(15);

    /** Lambda's bound on the state, in bytes of UTF-8 (WIN-4). */
    public static final int MAX_STATE_BYTES = 1024 * 1024;

    public WindowPolicy {
        if (size.compareTo(MIN_SIZE) < 0 || size.compareTo(MAX_SIZE) > 0) {
            throw MillraceException.invalid("tumbling window", "" + size, "1 s to 15 min");
        }
        if (grace.isNegative() || grace.compareTo(MAX_GRACE) > 0) {
            throw MillraceException.invalid(
                    "grace of a tumbling window", "" + grace, "0 s to 15 min");
        }
    }

    /** Windows of this length with the usual grace. */
    public static WindowPolicy of(Duration size) {
        return new WindowPolicy(size, DEFAULT_GRACE);
    }
}
