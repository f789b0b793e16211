package io.millrace.engine.topology;

import io.millrace.engine.config.EngineLimits;
import io.millrace.engine.model.Guarantee;
import io.millrace.engine.offsets.CommitPolicy;

import java.time.Duration;

/**
 * When to ask Streams for a commit, ahead of its commit interval: soon when little happens, rarely
 * when much does.
 *
 * <p>A commit is paid for by the time the thread had nothing to do, and else may take a tenth of
 * it. Threading: StreamThread only. No clock: times come in.
 */
final class CommitController {
    /** So that commits take at most a tenth of a busy thread. */
    private static final int WORK_PER_COMMIT = 9;

    private static final Duration QUIET = Duration.ofMillis(1);

    /** What ends handlers' work should not happen too often: as others commit. */
    private static final Duration BARRIER_DELAY = Duration.ofMillis(100);

    private final EngineLimits.Commits limits;
    private final Duration delay;
    private final boolean whenQuiet;
    private int uncommitted;
    private long bytes;
    private long oldest;
    private long newest;
    private long requestedAt;
    private boolean requested;

    CommitController(EngineLimits.Commits limits, Guarantee guarantee, CommitPolicy policy) {
        this.limits = limits;
        // What is written at least once can be read before the commit, which therefore can wait.
        this.whenQuiet = guarantee == Guarantee.EXACTLY_ONCE;
        this.delay =
                policy == CommitPolicy.BARRIER
                        ? BARRIER_DELAY
                        : whenQuiet ? limits.delay() : limits.relaxedDelay();
    }

    /**
     * What the whole thread is doing: a commit is one of all its partitions.
     *
     * @param nothingRuns whether no event is unfinished, so that waiting gathers nothing
     * @param commitNanos how long a commit takes at present
     * @param idleNanos how long the thread has waited for something to do since the last commit
     * @param busyNanos how long it has not
     */
    record Load(boolean nothingRuns, long commitNanos, long idleNanos, long busyNanos) {
        /** How much more idle time pays for a commit. */
        private long unpaidNanos() {
            return Math.max(0, commitNanos - idleNanos - busyNanos / WORK_PER_COMMIT);
        }
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

    /** Whether something was applied that is not committed and no commit was asked for. */
    boolean isWaiting() {
        return uncommitted > 0 && !requested;
    }

    /** Whether to ask now; at most once per transaction. */
    boolean isDue(Load load, long now) {
        if (dueIn(load, now) > 0) {
            return false;
        }
        requested = true;
        requestedAt = now;
        return true;
    }

    /** How long until it is time to ask if nothing else happens; the maximum for never. */
    long dueIn(Load load, long now) {
        if (!isWaiting()) {
            return Long.MAX_VALUE;
        }
        if (uncommitted >= limits.maxOutcomes() || bytes >= limits.maxBytes()) {
            return 0;
        }
        long gathers = delay.toNanos() - (now - oldest);
        if (whenQuiet && load.nothingRuns()) {
            gathers = Math.min(gathers, QUIET.toNanos() - (now - newest));
        }
        return Math.max(0, Math.max(gathers, load.unpaidNanos()));
    }

    /**
     * Whether a commit that was asked for does not come: a rebalance is going on, or the broker is
     * slow. Applying stops then, so that an aborted transaction costs a bounded amount of work.
     */
    boolean isOverdue(long now) {
        return requested && now - requestedAt >= limits.overdue().toNanos();
    }
}
