package io.millrace.engine.model;

/** What kind of fault a {@link MillraceException} reports; decides the exit code of a command. */
public enum ErrorCode {
    /** Something the user wrote is not allowed: a manifest, a setting, an argument. */
    INVALID(2),
    /** Something named does not exist: a file, a class, a bucket, a topic. */
    NOT_FOUND(3),
    /** Something is taken: a port, a directory, a name. */
    IN_USE(4),
    /**
     * Not permitted: a file or directory cannot be read or written, a server refused the
     * credentials.
     */
    DENIED(5),
    /** A server cannot be reached or does not answer in time. */
    UNAVAILABLE(6),
    /** Everything else, a bug of ours included. */
    FAILED(1);

    private final int exitCode;

    ErrorCode(int exitCode) {
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
