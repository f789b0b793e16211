package io.millrace.engine.sink;

import java.time.Instant;
import java.util.Optional;

/**
 * Why a batch or an event was given up, in the words of Lambda's failure records.
 *
 * @param functionArn without a version or alias (STR-14)
 * @param executedVersion the version that ran last
 * @param invokeCount how often the handler was called
 * @param functionError {@link #UNHANDLED}, or empty where the handler itself reported the failed
 *     events (STR-8); means nothing for a condition without an answer
 * @param failedAt when it was given up
 */
public record FailureFacts(
        String requestId,
        String functionArn,
        String executedVersion,
        Condition condition,
        int invokeCount,
        Optional<String> functionError,
        Instant failedAt) {
    /** The only word Lambda has for a handler that threw or timed out (INV-5). */
    public static final String UNHANDLED = "Unhandled";

    /** Why it was given up (STR-16, DEF-17). */
    public enum Condition {
        RETRY_ATTEMPTS_EXHAUSTED("RetryAttemptsExhausted", true),
        RECORD_AGE_EXCEEDED("RecordAgeExceeded", false),
        /** The event alone is larger than what a handler can be given; it never was (DEF-2). */
        MAXIMUM_PAYLOAD_SIZE_EXCEEDED("MaximumPayloadSizeExceeded", false),
        SCHEMA_NOT_FOUND("SCHEMA_NOT_FOUND", false),
        DESERIALIZATION_ERROR("DESERIALIZATION_ERROR", false);

        private final String text;
        private final boolean answered;

        Condition(String text, boolean answered) {
            this.text = text;
            this.answered = answered;
        }

        public String text() {
            return text;
        }

        /** Whether there is an answer of the function to speak of. */
        boolean isAnswered() {
            return answered;
        }
    }

    /**
     * The count as it is written: 0 for what cannot be handed out (DEF-2), at least 1 for what
     * expired, even before it was handed out (STR-4).
     */
    int writtenCount() {
        return switch (condition) {
            case MAXIMUM_PAYLOAD_SIZE_EXCEEDED -> 0;
            case RECORD_AGE_EXCEEDED -> Math.max(1, invokeCount);
            case RETRY_ATTEMPTS_EXHAUSTED, SCHEMA_NOT_FOUND, DESERIALIZATION_ERROR -> invokeCount;
        };
    }
}
