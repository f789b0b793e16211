package io.millrace.engine.model;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How much of a function's capacity a trigger may use.
 *
 * @param maxConcurrency invocations running at the same time, over all nodes: each partition
 *     carries its share, and a node uses the shares of the partitions it owns
 * @param eventsPerSecond events handed out per second, shared in the same way
 * @param breaker when the trigger pauses by itself
 */
public record LoadPolicy(
        int maxConcurrency, OptionalDouble eventsPerSecond, Optional<Breaker> breaker) {
    public static final int MAX_CONCURRENCY = 100_000;

    public LoadPolicy {
        if (maxConcurrency < 1 || maxConcurrency > MAX_CONCURRENCY) {
            throw MillraceException.invalid(
                    "maximum concurrency", "" + maxConcurrency, "1 to " + MAX_CONCURRENCY);
        }
        if (eventsPerSecond.isPresent()
                && !(eventsPerSecond.getAsDouble() >= 0.001
                        && eventsPerSecond.getAsDouble() <= 1e9)) {
            throw MillraceException.invalid(
                    "rate", "" + eventsPerSecond.getAsDouble(), "0.001 to 1000000000 events/s");
        }
    }

    /** Without a rate and without a breaker. */
    public static LoadPolicy of(int maxConcurrency) {
        return new LoadPolicy(maxConcurrency, OptionalDouble.empty(), Optional.empty());
    }

    public LoadPolicy withRate(double events) {
        return new LoadPolicy(maxConcurrency, OptionalDouble.of(events), breaker);
    }

    public LoadPolicy withBreaker(Breaker rule) {
        return new LoadPolicy(maxConcurrency, eventsPerSecond, Optional.of(rule));
    }

    /**
     * A circuit breaker: it opens when so many of the latest attempts failed, and lets one attempt
     * through after a pause; if that succeeds, the trigger goes on. While it is open, no failure
     * counts against an event.
     *
     * @param attempts latest attempts that are looked at, 2 to 10,000
     * @param failedPercent share of them that must have failed, 1 to 100
     * @param pause before the next attempt is let through, 1 ms to 1 h
     */
    public record Breaker(int attempts, int failedPercent, Duration pause) {
        public Breaker {
            if (attempts < 2 || attempts > 10_000) {
                throw MillraceException.invalid("breaker attempts", "" + attempts, "2 to 10000");
            }
            if (failedPercent < 1 || failedPercent > 100) {
                throw MillraceException.invalid(
                        "breaker failed percent", "" + failedPercent, "1 to 100");
            }
            if (pause.compareTo(Duration.ofMillis(1)) < 0
                    || pause.compareTo(Duration.ofHours(1)) > 0) {
                throw MillraceException.invalid("breaker pause", "" + pause, "1 ms to 1 h");
            }
        }
    }
}
