package io.millrace.engine.model;

/**
 * Why an attempt failed, as data.
 *
 * @param type for people and filters: the exception's class name or Lambda's error type
 * @param message may quote the handler; goes into headers, cut there
 */
public record Failure(Kind kind, String type, String message) {
    /** What a failure means for the next attempt. */
    public enum Kind {
        FUNCTION_ERROR(true),
        TIMED_OUT(true),
        ENVIRONMENT_LOST(true),
        /** Something the function needs was not there, such as the schema registry. */
        UNAVAILABLE(true),
        NON_RETRYABLE(false),
        UNDECODABLE(false),
        /** What the function returned does not fit into a record. */
        TOO_LARGE(false);

        private final boolean retryable;

        Kind(boolean retryable) {
            this.retryable = retryable;
        }

        public boolean isRetryable() {
            return retryable;
        }
    }
}
