package io.millrace.engine.model;

/** The final fate of an event. */
public sealed interface Outcome {
    /** The handler came to its end; what it returned becomes a result. */
    record Succeeded(Output output) implements Outcome {}

    /** The event becomes a dead letter. */
    record Failed(Condition condition, Failure failure) implements Outcome {}

    /** Why an event became a dead letter; the name is written into its headers. */
    enum Condition {
        RETRY_ATTEMPTS_EXHAUSTED("RetryAttemptsExhausted"),
        NON_RETRYABLE("NonRetryable"),
        DECODE_ERROR("DecodeError"),
        MAXIMUM_PAYLOAD_SIZE_EXCEEDED("MaximumPayloadSizeExceeded");

        private final String text;

        Condition(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }
}
