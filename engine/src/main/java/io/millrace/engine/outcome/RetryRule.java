package io.millrace.engine.outcome;

import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Outcome;
import io.millrace.engine.model.Outcome.Condition;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.RetryPolicy;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Whether an event is given up, and how long the next attempt waits.
 *
 * <ul>
 *   <li>What cannot get better by trying again is settled at once.
 *   <li>What is at fault outside the function and the event (the schema registry is away) is tried
 *       again without counting, so that an outage does not empty a topic into the dead letters.
 *   <li>Everything else is tried until the attempts of the policy are used up (STR-5).
 * </ul>
 *
 * Threading: one thread at a time, because of its random generator.
 */
public final class RetryRule {
    private static final Duration MIN_OUTAGE_DELAY = Duration.ofMillis(100);
    private static final Duration MAX_OUTAGE_DELAY = Duration.ofSeconds(1);

    private final RetryPolicy policy;
    private final RandomGenerator random;

    public RetryRule(RetryPolicy policy, RandomGenerator random) {
        this.policy = policy;
        this.random = random;
    }

    /** Whether failed batches are split in two. */
    public boolean bisects() {
        return policy.bisect();
    }

    /**
     * The end of an event whose attempt failed, if it is over.
     *
     * @param strikes failures that count against it, this one included
     */
    public Optional<Outcome.Failed> end(Failure failure, int strikes) {
        return switch (failure.kind()) {
            case UNDECODABLE -> ended(Condition.DECODE_ERROR, failure);
            case SCHEMA_NOT_FOUND -> ended(Condition.SCHEMA_NOT_FOUND, failure);
            case FILTER_FAILED -> ended(Condition.FILTER_ERROR, failure);
            case NON_RETRYABLE -> ended(Condition.NON_RETRYABLE, failure);
            case TOO_LARGE -> ended(Condition.MAXIMUM_PAYLOAD_SIZE_EXCEEDED, failure);
            case EXPIRED -> ended(Condition.RECORD_AGE_EXCEEDED, failure);
            case RECURSION -> ended(Condition.RECURSION_STOPPED, failure);
            case SKIPPED -> ended(Condition.SKIPPED_BY_OPERATOR, failure);
            case UNAVAILABLE -> Optional.empty();
            case FUNCTION_ERROR, TIMED_OUT, ENVIRONMENT_LOST ->
                    strikes >= policy.maxAttempts()
                            ? ended(Condition.RETRY_ATTEMPTS_EXHAUSTED, failure)
                            : Optional.empty();
        };
    }

    private static Optional<Outcome.Failed> ended(Condition condition, Failure failure) {
        return Optional.of(new Outcome.Failed(condition, failure));
    }

    /**
     * Delay before the next attempt.
     *
     * @param strikes failures that count; 0 when only failures that do not count have happened:
     *     these have no end, so they must not turn into a loop without a pause
     * @param oldest the event that expires first; the delay ends when it does (DEF-6)
     */
    public Duration delay(int strikes, RawEvent oldest, long nowMillis) {
        Duration delay = strikes == 0 ? outage() : backOff(strikes);
        if (policy.maxAge().isEmpty()) {
            return delay;
        }
        long left = oldest.timestamp() + policy.maxAge().get().toMillis() + 1 - nowMillis;
        return delay.toMillis() <= left ? delay : Duration.ofMillis(Math.max(0, left));
    }

    /** Older than the policy allows; an event of the future has no age (DEF-6). */
    public static boolean isExpired(RetryPolicy policy, RawEvent event, long nowMillis) {
        return policy.maxAge().isPresent()
                && nowMillis - event.timestamp() > policy.maxAge().get().toMillis();
    }

    private Duration outage() {
        Duration delay = backOff(1);
        if (delay.compareTo(MIN_OUTAGE_DELAY) < 0) {
            return MIN_OUTAGE_DELAY;
        }
        return delay.compareTo(MAX_OUTAGE_DELAY) > 0 ? MAX_OUTAGE_DELAY : delay;
    }

    /** Doubles with every attempt up to the bound; half of it is random, so that retries spread. */
    private Duration backOff(int strikes) {
        long first = policy.firstDelay().toNanos();
        long bound = policy.maxDelay().toNanos();
        int doublings = Math.min(strikes - 1, 40);
        long full = first > bound >> doublings ? bound : first << doublings;
        long half = full / 2;
        return Duration.ofNanos(half + (half == 0 ? 0 : random.nextLong(half + 1)));
    }
}
