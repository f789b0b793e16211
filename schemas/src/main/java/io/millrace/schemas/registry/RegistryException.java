package io.millrace.schemas.registry;

import org.jspecify.annotations.Nullable;

/**
 * A schema registry refused a request, could not be reached, or was configured wrongly. The message
 * is one line: what was asked, which registry (never its credentials), what it said, what to do.
 */
public final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong; only {@link #UNAVAILABLE} may end by itself. */
    public enum Kind {
        /** The registry knows no such subject, version or schema. */
        NOT_FOUND,
        /** The schema breaks the compatibility rule of its subject. */
        INCOMPATIBLE,
        /** The schema, the request or a setting is not allowed. */
        INVALID,
        /** The registry refused the credentials, or asked for some. */
        DENIED,
        /** No registry could be reached, none answered in time, or what answered is not one. */
        UNAVAILABLE
    }

    private final Kind kind;

    public RegistryException(Kind kind, String message) {
        this(kind, message, null);
    }

    public RegistryException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
