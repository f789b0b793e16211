package io.millrace.engine.offsets;

/**
 * The highest offset that lanes may start.
 *
 * <p>It guarantees beforehand that the finished set fits into the metadata of a committed offset,
 * whatever the order in which handlers end: offsets above the limit are all unfinished and cost
 * nothing. At or below it there are at most {@value #MAX_BITMAP_SPAN} offsets (a bitmap of 2,750
 * bytes), or at most {@value #MAX_UNFINISHED} unfinished ones, hence as many pairs of runs (at most
 * 2,607 bytes). Finishing only lowers these numbers, so the property once true stays true; the
 * limit is never lowered.
 *
 * <p>Where no finished set is committed there is no limit, but while a barrier {@link #hold}s it.
 *
 * <p>Threading: raised by the StreamThread, read by any.
 */
public final class DispatchLimit {
    static final int MAX_BITMAP_SPAN = 22_000;
    static final int MAX_UNFINISHED = 640;
    static final long MAX_RUN_SPAN = 100_000_000;

    private final boolean bounded;
    private volatile long limit;
    private long held = Long.MAX_VALUE;

    /** Starts where the recovered set ends: that set was encoded, so it fits. */
    public DispatchLimit(FinishedSet recovered) {
        bounded = true;
        limit = Math.max(recovered.highest(), recovered.mark() + MAX_BITMAP_SPAN);
    }

    private DispatchLimit() {
        bounded = false;
        limit = Long.MAX_VALUE;
    }

    static DispatchLimit none() {
        return new DispatchLimit();
    }

    /** Nothing above this offset is started until {@link #open} and the next {@link #raise}. */
    void hold(long offset) {
        held = offset;
        limit = offset;
    }

    void open() {
        held = Long.MAX_VALUE;
    }

    public long get() {
        return limit;
    }

    /** Raises the limit as far as the tracker allows; says whether it moved. */
    public boolean raise(OffsetTracker tracker) {
        if (!bounded) {
            boolean opened = held > limit;
            limit = held;
            return opened;
        }
        long mark = tracker.mark() < 0 ? tracker.highest() + 1 : tracker.mark();
        long raised = mark + MAX_BITMAP_SPAN;
        if (tracker.highest() > raised) {
            long byRuns =
                    tracker.unfinished() <= MAX_UNFINISHED
                            ? tracker.highest()
                            : tracker.nthUnfinished(MAX_UNFINISHED);
            raised = Math.max(raised, Math.min(byRuns, mark + MAX_RUN_SPAN));
        }
        if (raised <= limit) {
            return false;
        }
        limit = raised;
        return true;
    }
}
