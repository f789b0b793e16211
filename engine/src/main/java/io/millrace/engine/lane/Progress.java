package io.millrace.engine.lane;

/**
 * How far an event has come.
 *
 * @param attempts invocations it has been part of; only grows, so that attempts are numbered 1..n
 * @param strikes those that count against it: at the limit of the retry policy it is given up.
 *     Starts anew where a batch is split (DEF-7) or its checkpoint moves (STR-11)
 * @param since when the first attempt that failed was decided about, in milliseconds since 1970; 0
 *     while none has failed
 */
public record Progress(int attempts, int strikes, long since) {
    public static final Progress NONE = new Progress(0, 0, 0);

    /** One more invocation, which counts against the event or does not. */
    public Progress afterAttempt(boolean counts, long nowMillis) {
        return new Progress(
                attempts + 1, counts ? strikes + 1 : strikes, since == 0 ? nowMillis : since);
    }

    public Progress withFreshStrikes() {
        return new Progress(attempts, 0, since);
    }
}
