package io.millrace.engine.topology;

import io.millrace.engine.model.Guarantee;

import java.time.Duration;

/**
 * When to ask Streams for a commit, ahead of its commit interval: soon when little happens, rarely
 * when much does.
 *
 * <p>Threading: StreamThread only. No clock: times come in.
 */
final class CommitController {
    /** So that commits take at most a tenth of the thread. */
    private static final int WORK_PER_COMMIT = 9;

    private static final Duration QUIET = Duration.ofMillis(1);
    private static final int MAX_OUTCOMES = 10_000;
    private static final long MAX_BYTES = 16L * 1024 * 1024;
    private static final Duration OVERDUE = Duration.ofSeconds(1);

    private final Duration delay;
    private final boolean whenQuiet;
    private int uncommitted;
    private long bytes;
    private long oldest;
    private long newest;
    private long requestedAt;
    private boolean requested;

    CommitController(Guarantee guarantee) {
        // What is written at least once can be read before the commit, which therefore can wait.
        this.whenQuiet = guarantee == Guarantee.EXACTLY_ONCE;
        this.delay = Duration.ofMillis(whenQuiet ? 5 : 100);
    }

    /** Outcomes were applied. */
    void applied(int outcomes, long bytesWritten, long now) {
        if (uncommitted == 0) {
            oldest = now;
        }
        newest = now;
        uncommitted += outcomes;
        bytes += bytesWritten;
    }

    /** A transaction has been committed since the last look. */
    void committed() {
        uncommitted = 0;
        bytes = 0;
        requested = false;
    }

    /**
     * Whether to ask now; at most once per transaction.
     *
     * @param nothingRuns whether no event is unfinished, so that waiting gathers nothing
     * @param commitNanos how long a commit takes at present
     */
    boolean isDue(boolean nothingRuns, long commitNanos, long now) {
        if (uncommitted == 0 || requested) {
            return false;
        }
        boolean due =
                uncommitted >= MAX_OUTCOMES
                        || bytes >= MAX_BYTES
                        || now - oldest >= Math.max(delay.toNanos(), WORK_PER_COMMIT * commitNanos)
                        || (whenQuiet && nothingRuns && now - newest >= QUIET.toNanos());
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
