package io.millrace.engine.outcome;

import io.millrace.engine.model.Outcome;

import java.time.Duration;

/** What is done with an event whose attempt failed. */
public sealed interface Disposition {
    /** It is over: the event gets its final outcome. */
    record Settle(Outcome.Failed outcome) implements Disposition {}

    /**
     * Another attempt of the same events, in their lane, which waits meanwhile.
     *
     * @param nextAttempt number of that attempt
     */
    record Retry(int nextAttempt, Duration delay) implements Disposition {}
}
