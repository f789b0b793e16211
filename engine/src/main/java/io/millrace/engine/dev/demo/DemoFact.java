package io.millrace.engine.dev.demo;

import io.millrace.engine.inspect.MeteredAttempt;
import io.millrace.engine.model.Payload;

import java.time.Instant;

/** Something that a record of a topic says. */
sealed interface DemoFact {
    /**
     * The source saw a picture in the bucket.
     *
     * @param position topic-partition-offset
     */
    record Seen(String key, String position, Payload value) implements DemoFact {}

    /** What the function returned, on the results topic. */
    record Result(String key, String position, String requestId, Instant at) implements DemoFact {}

    /** What the function returned, on the topic of the on-success destination. */
    record Notification(String key, String position) implements DemoFact {}

    /**
     * An event that failed for good.
     *
     * @param attempts how often it was tried
     */
    record DeadLetter(
            String key,
            String position,
            String requestId,
            int attempts,
            String reason,
            Payload value)
            implements DemoFact {}

    /** One attempt, unpacked from the metering topic. */
    record Metered(MeteredAttempt attempt) implements DemoFact {}
}
