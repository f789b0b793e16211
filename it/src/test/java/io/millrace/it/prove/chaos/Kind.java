package io.millrace.it.prove.chaos;

import java.util.Locale;

/** What the function does with an event, and so how the event has to end. */
enum Kind {
    /** Takes its time and succeeds. */
    PLAIN(1, true, ""),
    /** Fails the first time. */
    FLAKY(2, true, ""),
    /** Is almost as large as an event may be, and succeeds. */
    LARGE(1, true, ""),
    /** Fails always. */
    POISON(3, false, "RetryAttemptsExhausted"),
    /** As large as LARGE and fails always: its dead letter has to fit. */
    LARGE_POISON(3, false, "RetryAttemptsExhausted"),
    /** Fails and says that trying again is of no use. */
    HOPELESS(1, false, "NonRetryable"),
    /** Never comes back by itself. */
    HANGING(3, false, "RetryAttemptsExhausted"),
    /** Returns more than a topic takes. */
    LARGE_RESULT(1, false, "MaximumPayloadSizeExceeded"),
    /** Is not what the trigger's format says; no handler ever sees it. */
    UNDECODABLE(0, false, "DecodeError");

    /** Attempts of every event at most. */
    static final int MAX_ATTEMPTS = 3;

    private final int attempts;
    private final boolean succeeds;
    private final String condition;

    Kind(int attempts, boolean succeeds, String condition) {
        this.attempts = attempts;
        this.succeeds = succeeds;
        this.condition = condition;
    }

    /** How many attempts it takes when nothing else goes wrong. */
    int attempts() {
        return attempts;
    }

    /** Whether it ends with a result; otherwise with a dead letter. */
    boolean succeeds() {
        return succeeds;
    }

    /** What its dead letter says. */
    String condition() {
        return condition;
    }

    /** As the function reads it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
