package io.millrace.engine.model;

import org.jspecify.annotations.Nullable;

/**
 * Bad configuration or broken infrastructure, told in one line a user can act on: what failed,
 * which one, what was found, what is allowed. Never a handler's failure: that is an {@link
 * AttemptEnd}.
 */
public final class MillraceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public MillraceException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public MillraceException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** A value that is not allowed. */
    public static MillraceException invalid(String what, String found, String allowed) {
        return new MillraceException(
                ErrorCode.INVALID, what + " '" + found + "' is not allowed; allowed: " + allowed);
    }

    public ErrorCode code() {
        return code;
    }

    /** The message, never null. */
    public String text() {
        String message = getMessage();
        return message == null ? code.toString() : message;
    }
}
