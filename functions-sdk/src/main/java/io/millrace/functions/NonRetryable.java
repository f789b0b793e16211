package io.millrace.functions;

/**
 * Thrown by a handler that knows that another attempt would fail as well: the event goes to the
 * dead letters at once.
 *
 * <p>It counts wherever it is in the chain of causes of what the handler throws, so that it may
 * cross a {@link java.util.concurrent.Future} or a framework on its way. May be extended.
 */
public class NonRetryable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure with a reason.
     *
     * @param message for people; it becomes a header of the dead letter
     */
    public NonRetryable(String message) {
        super(message);
    }

    /** A failure with a reason and what led to it. */
    public NonRetryable(String message, Throwable cause) {
        super(message, cause);
    }
}
