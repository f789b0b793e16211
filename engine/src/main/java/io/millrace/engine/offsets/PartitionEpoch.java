package io.millrace.engine.offsets;

import io.millrace.engine.model.PartitionId;

/**
 * One ownership of a partition by one task: what was finished before it, and what it finishes.
 *
 * <p>What comes back from an earlier epoch is dropped, never applied; the events run again in the
 * present one. Threading: {@link #isClosed} and {@link #limit} by any thread, the rest by the
 * StreamThread only.
 */
public final class PartitionEpoch {
    private final PartitionId partition;
    private final OffsetTracker tracker;
    private final DispatchLimit limit;
    private final CommitPolicy policy;
    private FinishedSet lastCommitted;
    private boolean touched;
    private int metadata;
    private volatile boolean closed;

    public PartitionEpoch(PartitionId partition, FinishedSet recovered) {
        this(partition, recovered, CommitPolicy.WATERMARK);
    }

    PartitionEpoch(PartitionId partition, FinishedSet recovered, CommitPolicy policy) {
        this.partition = partition;
        this.policy = policy;
        this.tracker = new OffsetTracker(recovered);
        this.limit =
                policy == CommitPolicy.WATERMARK
                        ? new DispatchLimit(recovered)
                        : DispatchLimit.none();
        this.lastCommitted = recovered;
    }

    public PartitionId partition() {
        return partition;
    }

    public OffsetTracker tracker() {
        return tracker;
    }

    public DispatchLimit limit() {
        return limit;
    }

    /** Offsets between the highest one seen and the limit; negative when events wait for it. */
    public long headroom() {
        return limit().get() - tracker().highest();
    }

    public boolean isClosed() {
        return closed;
    }

    /**
     * Something was written for this partition that finishes no offset: it is lost with the
     * transaction as an outcome is.
     */
    public void touch() {
        touched = true;
    }

    /** Whether an aborted transaction takes something of this epoch with it. */
    boolean isUncommitted() {
        return touched || tracker.finishedSinceCommit() > 0;
    }

    /** The metadata of its offset has so many characters in the present commit. */
    void encoded(int characters) {
        metadata = characters;
    }

    /** Characters of the metadata in the last commit. */
    public int metadata() {
        return metadata;
    }

    /** Ends the epoch: nothing is started any more and nothing that comes back is applied. */
    public void close() {
        closed = true;
    }

    /**
     * What is to be committed now; its mark never moves back.
     *
     * @param presented the position Streams wants to commit
     */
    FinishedSet toCommit(long presented) {
        long least = Math.max(presented, lastCommitted.mark());
        return policy == CommitPolicy.PENDING_STORE
                ? FinishedSet.empty(Math.max(least, tracker.highest() + 1))
                : tracker.toCommit(least);
    }

    /** Nothing that was admitted later is started until {@link DispatchLimit#open}. */
    void hold() {
        limit.hold(tracker.highest());
    }

    /** Whether nothing that may be started is unfinished. */
    boolean isDrained() {
        return tracker.mark() < 0 || tracker.mark() > limit.get();
    }

    FinishedSet lastCommitted() {
        return lastCommitted;
    }

    void committed(FinishedSet set) {
        lastCommitted = set;
        touched = false;
        tracker.committed();
    }
}
