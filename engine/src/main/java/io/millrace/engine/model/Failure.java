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
        FUNCTION_ERROR(Weight.COUNTS),
        TIMED_OUT(Weight.COUNTS),
        ENVIRONMENT_LOST(Weight.COUNTS),
        /** Something of the engine's own was not there, such as the schema registry. */
        UNAVAILABLE(Weight.DOES_NOT_COUNT),
        NON_RETRYABLE(Weight.ENDS),
        UNDECODABLE(Weight.ENDS),
        /** The schema registry does not know the schema that the event names. */
        SCHEMA_NOT_FOUND(Weight.ENDS),
        /** What the function returned does not fit into a record. */
        TOO_LARGE(Weight.ENDS),
        /** The filter of the trigger could not be applied. */
        FILTER_FAILED(Weight.ENDS),
        /** Older than the trigger allows. */
        EXPIRED(Weight.ENDS),
        /** The function has called itself by way of topics too often. */
        RECURSION(Weight.ENDS),
        /** An operator has decided to leave the event out. */
        SKIPPED(Weight.ENDS);

        private final Weight weight;

        Kind(Weight weight) {
            this.weight = weight;
        }

        /** Whether it uses up one of the attempts that the policy allows. */
        public boolean counts() {
            return weight == Weight.COUNTS;
        }

        /** Whether another attempt makes sense. */
        public boolean isRetryable() {
            return weight != Weight.ENDS;
        }
    }

    private enum Weight {
        COUNTS,
        DOES_NOT_COUNT,
        ENDS
    }
}
