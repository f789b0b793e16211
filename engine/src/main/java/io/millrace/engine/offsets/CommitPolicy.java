package io.millrace.engine.offsets;

import io.millrace.engine.model.MillraceException;

import java.util.Locale;
import java.util.Map;

/**
 * What a commit says about events that are unfinished. For measurements only, but for the first:
 * the others show what it is worth, and share everything else with it. Exactly-once triggers only.
 */
public enum CommitPolicy {
    /** The mark and the finished set: nothing waits for a commit. What the product does. */
    WATERMARK,

    /**
     * The plain position. Before a commit, and before partitions are given up, nothing more is
     * handed out and everything in flight has to end.
     */
    BARRIER,

    /**
     * The plain position, at once. An event is written to a changelogged store when it is admitted
     * and deleted from it when it is done.
     */
    PENDING_STORE;

    /** Not a setting for users, hence not documented as one. */
    public static final String KEY = "millrace.internal.commit.policy";

    /**
     * What was chosen; {@link #WATERMARK} where nothing was.
     *
     * @throws MillraceException when it is none of them
     */
    public static CommitPolicy of(Map<String, String> settings) {
        String chosen = settings.getOrDefault(KEY, WATERMARK.text());
        for (CommitPolicy policy : values()) {
            if (policy.text().equals(chosen)) {
                return policy;
            }
        }
        throw MillraceException.invalid(KEY, chosen, "watermark, barrier or pending-store");
    }

    /** As it is written in settings. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
