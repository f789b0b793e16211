package io.millrace.engine.model;

import java.time.Duration;

/**
 * What happens to an event whose attempt failed: tried again after a growing delay until it
 * succeeded or ran {@code maxAttempts} times.
 *
 * @param maxAttempts runs in all, the first one included; 1 to 10,000
 * @param firstDelay delay before the second attempt
 * @param maxDelay bound of the delay, which doubles with every attempt
 */
public record RetryPolicy(int maxAttempts, Duration firstDelay, Duration maxDelay) {
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(3, Duration.ofMillis(200), Duration.ofSeconds(30));

    public RetryPolicy {
        if (maxAttempts < 1 || maxAttempts > 10_000) {
            throw MillraceException.invalid("retry attempts", "" + maxAttempts, "1 to 10000");
        }
        if (firstDelay.isNegative() || maxDelay.compareTo(firstDelay) < 0) {
            throw MillraceException.invalid(
                    "retry delay",
                    firstDelay + " to " + maxDelay,
                    "0 <= first delay <= maximum delay");
        }
    }
}
