package io.millrace.engine.offsets;

import io.millrace.engine.model.PartitionId;

import java.util.BitSet;
import java.util.Optional;

/**
 * Which offsets of a partition are done, in work that picks some and leaves others: kept in a
 * committed offset as the finished set of a trigger is. One thread.
 */
public final class ScatteredProgress {
    private static final int MAX_METADATA = 3_900;

    private final long base;
    private final BitSet done = new BitSet();

    private ScatteredProgress(long base) {
        this.base = base;
    }

    /** Nothing at or above this offset is done. */
    public static ScatteredProgress from(long mark) {
        return new ScatteredProgress(mark);
    }

    /**
     * As it was committed.
     *
     * @throws io.millrace.engine.model.MillraceException when the metadata cannot be read
     */
    public static ScatteredProgress of(PartitionId partition, long mark, String metadata) {
        var progress = new ScatteredProgress(mark);
        for (FinishedSet.Range range : OffsetCodec.decode(partition, mark, metadata).ranges()) {
            progress.add(range.from(), range.to());
        }
        return progress;
    }

    public boolean contains(long offset) {
        return offset < base || done.get(index(offset));
    }

    public void add(long offset) {
        add(offset, offset + 1);
    }

    /** All offsets from (inclusive) to (exclusive). */
    public void add(long from, long to) {
        if (to > Math.max(from, base)) {
            done.set(index(Math.max(from, base)), index(to));
        }
    }

    /** The lowest offset that is not done. */
    public long mark() {
        return base + done.nextClearBit(0);
    }

    /** The metadata to commit with {@link #mark}; nothing when it would not fit. */
    public Optional<String> metadata() {
        long mark = mark();
        var set = FinishedSet.from(mark);
        int from = done.nextSetBit(index(mark));
        while (from >= 0) {
            int to = done.nextClearBit(from);
            set.add(base + from, base + to);
            from = done.nextSetBit(to);
        }
        return Optional.of(OffsetCodec.encode("", set.build()))
                .filter(text -> text.length() <= MAX_METADATA);
    }

    private int index(long offset) {
        return Math.toIntExact(offset - base);
    }
}
