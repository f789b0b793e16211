package io.millrace.engine.outcome;

import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Outcome;
import io.millrace.engine.model.Outcome.Condition;
import io.millrace.engine.model.RetryPolicy;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Retry or dead letter.
 *
 * <ul>
 *   <li>What cannot get better by trying again is settled at once.
 *   <li>What is at fault outside the function and the event (the schema registry is away) is tried
 *       again without counting, so that an outage does not empty a topic into the dead letters.
 *   <li>Everything else is tried until the attempts of the policy are used up.
 * </ul>
 *
 * Threading: one thread at a time, because of its random generator.
 */
public final class DispositionRule {
    private static final Duration MIN_OUTAGE_DELAY = Duration.ofMillis(100);

    private final RetryPolicy policy;
    private final RandomGenerator random;

    public DispositionRule(RetryPolicy policy, RandomGenerator random) {
        this.policy = policy;
        this.random = random;
    }

    /**
     * Decides about an event.
     *
     * @param attempt number of the attempt that failed
     */
    public Disposition decide(Failure failure, int attempt) {
        return switch (failure.kind()) {
            case UNDECODABLE -> settle(Condition.DECODE_ERROR, failure);
            case NON_RETRYABLE -> settle(Condition.NON_RETRYABLE, failure);
            case TOO_LARGE -> settle(Condition.MAXIMUM_PAYLOAD_SIZE_EXCEEDED, failure);
            case UNAVAILABLE -> new Disposition.Retry(attempt, outage(attempt));
            case FUNCTION_ERROR, TIMED_OUT, ENVIRONMENT_LOST ->
                    attempt >= policy.maxAttempts()
                            ? settle(Condition.RETRY_ATTEMPTS_EXHAUSTED, failure)
                            : new Disposition.Retry(attempt + 1, delay(attempt));
        };
    }

    private static Disposition settle(Condition condition, Failure failure) {
        return new Disposition.Settle(new Outcome.Failed(condition, failure));
    }

    /** These retries have no end, so they must not turn into a loop without a pause. */
    private Duration outage(int attempt) {
        Duration delay = delay(attempt);
        return delay.compareTo(MIN_OUTAGE_DELAY) < 0 ? MIN_OUTAGE_DELAY : delay;
    }

    /** Doubles with every attempt up to the bound; half of it is random, so that retries spread. */
    private Duration delay(int attempt) {
        long first = policy.firstDelay().toNanos();
        long bound = policy.maxDelay().toNanos();
        int doublings = Math.min(attempt - 1, 40);
        long full = first > bound >> doublings ? bound : first << doublings;
        long half = full / 2;
        return Duration.ofNanos(half + (half == 0 ? 0 : random.nextLong(half + 1)));
    }
}
