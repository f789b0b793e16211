package io.millrace.engine.topology;

import java.time.Duration;

/**
 * When to ask Streams for a commit, ahead of its commit interval: soon when little happens, rarely
 * when much does.
 *
 * <p>Threading: StreamThread only. No clock: times come in.
 */
final class CommitController {
    private static final Duration MAX_DELAY = Duration.ofMillis(5);
    private static final Duration QUIET = Duration.ofMillis(1);
    private static final int MAX_OUTCOMES = 10_000;
    private static final Duration OVERDUE = Duration.ofSeconds(1);

    private int uncommitted;
    private long oldest;
    private long newest;
    private long requestedAt;
    private boolean requested;

    /** Outcomes were applied. */
    void applied(int outcomes, long now) {
        if (uncommitted == 0) {
            oldest = now;
        }
        newest = now;
        uncommitted += outcomes;
    }

    /** A transaction has been committed since the last look. */
    void committed() {
        uncommitted = 0;
        requested = false;
    }

    /**
     * Whether to ask now; at most once per transaction.
     *
     * @param nothingRuns whether no event is unfinished, so that waiting gathers nothing
     */
    boolean isDue(boolean nothingRuns, long now) {
        if (uncommitted == 0 || requested) {
            return false;
        }
        boolean due =
                uncommitted >= MAX_OUTCOMES
                        || now - oldest >= MAX_DELAY.toNanos()
                        || (nothingRuns && now - newest >= QUIET.toNanos());
        if (due) {
            requested = true;
            requestedAt = now;
        }
        return due;
    }

    /**
     * Whether a commit that was asked for does not come: a rebalance is going on, or the broker is
     * slow. Applying stops then, so that an aborted transaction costs a bounded amount of work.
     */
    boolean isOverdue(long now) {
        return requested && now - requestedAt >= OVERDUE.toNanos();
    }
}
