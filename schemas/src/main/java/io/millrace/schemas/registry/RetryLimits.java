package io.millrace.schemas.registry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often and how fast a request is repeated when no registry answered it.
 *
 * @param maxRetries rounds through all URLs after the first one; 0 for none
 * @param firstDelay longest wait before the first retry; it doubles with every further one
 * @param maxDelay bound of the growing wait
 */
public record RetryLimits(int maxRetries, Duration firstDelay, Duration maxDelay) {
    /** Three retries, at most 0.1 s, 0.2 s and 0.4 s apart. */
    public static final RetryLimits DEFAULT =
            new RetryLimits(3, Duration.ofMillis(100), Duration.ofSeconds(5));

    public RetryLimits {
        if (maxRetries < 0 || maxRetries > 100) {
            throw refused(RegistryConfig.MAX_RETRIES, maxRetries, "0 to 100");
        }
        if (firstDelay.isNegative() || maxDelay.compareTo(firstDelay) < 0) {
            throw refused(
                    RegistryConfig.RETRIES_MAX_WAIT_MS,
                    maxDelay.toMillis(),
                    "at least '" + RegistryConfig.RETRIES_WAIT_MS + "', which is not negative");
        }
    }

    /** The wait before a retry: random up to a bound that doubles, so that clients spread out. */
    Duration delay(int retry, RandomGenerator random) {
        long bound = firstDelay.toMillis() << Math.min(retry, 20);
        return Duration.ofMillis(random.nextLong(Math.min(bound, maxDelay.toMillis()) + 1));
    }

    private static RegistryException refused(String setting, long found, String allowed) {
        return new RegistryException(
                RegistryException.Kind.INVALID,
                "'" + setting + "' is " + found + "; allowed: " + allowed);
    }
}
