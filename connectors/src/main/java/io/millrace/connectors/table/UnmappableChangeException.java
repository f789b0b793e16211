package io.millrace.connectors.table;

/** A change that cannot be told as a {@code TableChange}; the message says why, in one sentence. */
final class UnmappableChangeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnmappableChangeException(String message) {
        super(message);
    }

    UnmappableChangeException(String message, Throwable cause) {
        super(message, cause);
    }
}
