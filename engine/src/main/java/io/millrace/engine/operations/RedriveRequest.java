package io.millrace.engine.operations;

import io.millrace.engine.model.MillraceException;

/**
 * How dead letters are redriven.
 *
 * @param eventsPerSecond at most, 0.01 to 1,000,000
 * @param maxRedrives a letter that was redriven so often already is refused: it would go round and
 *     round
 */
public record RedriveRequest(RedriveFilter filter, double eventsPerSecond, int maxRedrives) {
    public static final double DEFAULT_RATE = 1_000;
    public static final int DEFAULT_MAX_REDRIVES = 3;

    public RedriveRequest {
        if (!(eventsPerSecond >= 0.01 && eventsPerSecond <= 1_000_000)) {
            throw MillraceException.invalid(
                    "rate", "" + eventsPerSecond, "0.01 to 1000000 events/s");
        }
        if (maxRedrives < 1 || maxRedrives > 1_000) {
            throw MillraceException.invalid("maximum redrives", "" + maxRedrives, "1 to 1000");
        }
    }

    public static RedriveRequest of(RedriveFilter filter) {
        return new RedriveRequest(filter, DEFAULT_RATE, DEFAULT_MAX_REDRIVES);
    }
}
