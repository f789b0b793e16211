package io.millrace.engine.model;

/** The final fate of an event. */
public sealed interface Outcome {
    /** The handler came to its end; what it returned becomes a result. */
    record Succeeded(Output output) implements Outcome {}

    /** The event becomes a dead letter. */
    record Failed(Condition condition, Failure failure) implements Outcome {}

    /** The filters of the trigger did not let it pass: it leaves nothing behind (DEF-18). */
    record Filtered() implements Outcome {}

    /** Why an event became a dead letter; the name is written into its headers. */
    enum Condition {
        RETRY_ATTEMPTS_EXHAUSTED("RetryAttemptsExhausted"),
        RECORD_AGE_EXCEEDED("RecordAgeExceeded"),
        NON_RETRYABLE("NonRetryable"),
        DECODE_ERROR("DecodeError"),
        SCHEMA_NOT_FOUND("SchemaNotFound"),
        FILTER_ERROR("FilterError"),
        MAXIMUM_PAYLOAD_SIZE_EXCEEDED("MaximumPayloadSizeExceeded"),
        RECURSION_STOPPED("RecursionStopped"),
        SKIPPED_BY_OPERATOR("SkippedByOperator");

        private final String text;

        Condition(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }
}
