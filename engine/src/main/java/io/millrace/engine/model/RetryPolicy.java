package io.millrace.engine.model;

import java.time.Duration;
import java.util.Optional;

/**
 * What happens to an event whose attempt failed: tried again after a growing delay until it
 * succeeded, ran {@code maxAttempts} times, or is too old.
 *
 * @param maxAttempts runs in all, the first one included; 1 to 10,001 or {@link #ENDLESS}
 * @param firstDelay delay before the second attempt
 * @param maxDelay bound of the delay, which doubles with every attempt
 * @param maxAge events older than this are given up before their next attempt (STR-4)
 * @param bisect whether a failed batch is split in two instead of being tried again whole (STR-6)
 */
public record RetryPolicy(
        int maxAttempts,
        Duration firstDelay,
        Duration maxDelay,
        Optional<Duration> maxAge,
        boolean bisect) {
    /** Tried until it succeeds. */
    public static final int ENDLESS = Integer.MAX_VALUE;

    /** Lambda's bound of 10,000 retries, and the first run. */
    public static final int MAX_ATTEMPTS = 10_001;

    public static final Duration MIN_AGE = Duration.ofSeconds(1);
    public static final Duration MAX_AGE = Duration.ofDays(7);
    public static final RetryPolicy DEFAULT = of(3, Duration.ofMillis(200), Duration.ofSeconds(30));

    public RetryPolicy {
        if (maxAttempts != ENDLESS && (maxAttempts < 1 || maxAttempts > MAX_ATTEMPTS)) {
            throw MillraceException.invalid(
                    "retry attempts", "" + maxAttempts, "1 to " + MAX_ATTEMPTS + ", or endless");
        }
        if (firstDelay.isNegative() || maxDelay.compareTo(firstDelay) < 0) {
            throw MillraceException.invalid(
                    "retry delay",
                    firstDelay + " to " + maxDelay,
                    "0 <= first delay <= maximum delay");
        }
        if (maxAge.isPresent()
                && (maxAge.get().compareTo(MIN_AGE) < 0 || maxAge.get().compareTo(MAX_AGE) > 0)) {
            throw MillraceException.invalid("maximum age", "" + maxAge.get(), "1 s to 7 days");
        }
    }

    /** Without a maximum age and without splitting. */
    public static RetryPolicy of(int maxAttempts, Duration firstDelay, Duration maxDelay) {
        return new RetryPolicy(maxAttempts, firstDelay, maxDelay, Optional.empty(), false);
    }

    public RetryPolicy withMaxAge(Duration age) {
        return new RetryPolicy(maxAttempts, firstDelay, maxDelay, Optional.of(age), bisect);
    }

    public RetryPolicy withBisect() {
        return new RetryPolicy(maxAttempts, firstDelay, maxDelay, maxAge, true);
    }
}
