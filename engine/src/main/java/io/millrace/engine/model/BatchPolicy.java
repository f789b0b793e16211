package io.millrace.engine.model;

/**
 * How many events one invocation gets.
 *
 * @param maxEvents 1 to 10,000 (STR-4)
 */
public record BatchPolicy(int maxEvents) {
    /** Lambda's bound on the payload of one invocation, in bytes. */
    public static final int MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

    public static final BatchPolicy SINGLE = new BatchPolicy(1);

    public BatchPolicy {
        if (maxEvents < 1 || maxEvents > 10_000) {
            throw MillraceException.invalid("batch size", "" + maxEvents, "1 to 10000");
        }
    }
}
