package io.millrace.engine.offsets;

import org.jspecify.annotations.Nullable;

import java.util.TreeMap;

/**
 * What is unfinished in one partition during one epoch.
 *
 * <ul>
 *   <li>Offsets are admitted in rising order and finished in any order.
 *   <li>Offsets that were skipped between two admitted ones do not exist for this consumer
 *       (transaction markers, compacted or aborted records) and count as finished.
 *   <li>What an earlier epoch had finished stays part of every commit until the mark has passed it.
 * </ul>
 *
 * Threading: StreamThread only.
 */
public final class OffsetTracker {
    /*
     * One bit per unfinished offset, in chunks that exist only while they hold an unfinished offset.
     * Admitting and finishing touch one word; the mark is looked for only after it was finished,
     * from where it stood.
     */
    private static final int CHUNK_BITS = 16;
    private static final int WORDS = 1 << (CHUNK_BITS - 6);

    private final TreeMap<Long, Chunk> chunks = new TreeMap<>();
    private final FinishedSet recovered;
    private @Nullable Chunk lastAdmitted;
    private @Nullable Chunk lastFinished;
    private long highest;
    private long highestFinished;
    private long mark = -1;
    private int unfinished;
    private long finishedSinceCommit;

    public OffsetTracker(FinishedSet recovered) {
        this.recovered = recovered;
        this.highest = recovered.mark() - 1;
        this.highestFinished = highest;
    }

    /** Whether an event at this offset has to be skipped: finished before, or seen already. */
    public boolean isSettled(long offset) {
        return offset <= highest || recovered.contains(offset);
    }

    /**
     * From here on the offset is unfinished.
     *
     * @throws IllegalArgumentException when the offset is not above every admitted one
     */
    public void admit(long offset) {
        if (offset <= highest) {
            throw new IllegalArgumentException("offset " + offset + " after " + highest);
        }
        Chunk chunk = lastAdmitted;
        long index = offset >>> CHUNK_BITS;
        if (chunk == null || chunk.index != index) {
            lastAdmitted = null;
            dropIfEmpty(chunk);
            chunk = chunks.computeIfAbsent(index, Chunk::new);
            lastAdmitted = chunk;
        }
        chunk.set(offset);
        highest = offset;
        unfinished++;
        if (mark < 0) {
            mark = offset;
        }
    }

    /**
     * The offset has its outcome.
     *
     * @throws IllegalArgumentException when the offset is not unfinished
     */
    public void finish(long offset) {
        Chunk chunk = chunkOf(offset);
        if (chunk == null || !chunk.isSet(offset)) {
            throw new IllegalArgumentException("offset " + offset + " is not unfinished");
        }
        chunk.clear(offset);
        unfinished--;
        finishedSinceCommit++;
        highestFinished = Math.max(highestFinished, offset);
        dropIfEmpty(chunk);
        if (offset == mark) {
            mark = unfinished == 0 ? -1 : lowestFrom(offset);
        }
    }

    /** The first offset from here on that was neither seen nor finished before. */
    long firstUnseen(long from) {
        return recovered.firstUnfinished(Math.max(from, highest + 1));
    }

    /** The lowest unfinished offset, or -1 when everything seen is finished. */
    public long mark() {
        return mark;
    }

    /** The highest offset seen; before the first one, the one below the recovered mark. */
    public long highest() {
        return highest;
    }

    public int unfinished() {
        return unfinished;
    }

    /** Offsets finished since the last call of {@link #committed()}. */
    public long finishedSinceCommit() {
        return finishedSinceCommit;
    }

    /** The transaction that carried {@link #toCommit} has been committed. */
    public void committed() {
        finishedSinceCommit = 0;
    }

    /**
     * The {@code n}-th unfinished offset from the mark on, or the highest one seen if there are
     * fewer.
     */
    long nthUnfinished(int n) {
        int left = n;
        for (Chunk chunk : chunks.values()) {
            if (chunk.count < left) {
                left -= chunk.count;
                continue;
            }
            for (int word = 0; word < WORDS; word++) {
                int bits = Long.bitCount(chunk.words[word]);
                if (bits < left) {
                    left -= bits;
                    continue;
                }
                long rest = chunk.words[word];
                for (int skip = 1; skip < left; skip++) {
                    rest &= rest - 1;
                }
                return chunk.offset(word, Long.numberOfTrailingZeros(rest));
            }
        }
        return highest;
    }

    /**
     * What is to be committed now.
     *
     * <p>Gaps above the highest finished offset are left out: nobody will ask for them, and they
     * would cost metadata that the dispatch limit has not allowed for.
     *
     * @param presented the position Streams wants to commit; used when nothing is unfinished, since
     *     it may lie behind trailing transaction markers
     */
    public FinishedSet toCommit(long presented) {
        if (mark < 0) {
            long next = recovered.firstUnfinished(Math.max(presented, highest + 1));
            return appendRecovered(FinishedSet.from(next), next).build();
        }
        var set = FinishedSet.from(mark);
        long previous = mark;
        if (highestFinished > mark) {
            for (Chunk chunk : between(mark, highestFinished)) {
                previous = addFinished(set, chunk, previous);
            }
            set.add(previous + 1, highestFinished + 1);
        }
        return appendRecovered(set, Math.max(mark, highestFinished) + 1).build();
    }

    private Iterable<Chunk> between(long from, long to) {
        return chunks.subMap(from >>> CHUNK_BITS, true, to >>> CHUNK_BITS, true).values();
    }

    /**
     * Adds what lies between the unfinished offsets; gives the last of these that was looked at.
     */
    private long addFinished(FinishedSet.Builder set, Chunk chunk, long lastUnfinished) {
        long previous = lastUnfinished;
        for (int word = 0; word < WORDS; word++) {
            long rest = chunk.words[word];
            while (rest != 0) {
                long offset = chunk.offset(word, Long.numberOfTrailingZeros(rest));
                if (offset > highestFinished) {
                    return previous;
                }
                set.add(previous + 1, offset);
                previous = offset;
                rest &= rest - 1;
            }
        }
        return previous;
    }

    /** Chunks held at present. */
    int chunks() {
        return chunks.size();
    }

    private FinishedSet.Builder appendRecovered(FinishedSet.Builder set, long from) {
        for (FinishedSet.Range range : recovered.ranges()) {
            set.add(Math.max(range.from(), from), range.to());
        }
        return set;
    }

    private @Nullable Chunk chunkOf(long offset) {
        long index = offset >>> CHUNK_BITS;
        Chunk chunk = lastFinished;
        if (chunk == null || chunk.index != index) {
            chunk = chunks.get(index);
            lastFinished = chunk;
        }
        return chunk;
    }

    private void dropIfEmpty(@Nullable Chunk chunk) {
        if (chunk != null && chunk.count == 0 && chunk != lastAdmitted) {
            chunks.remove(chunk.index);
            lastFinished = null;
        }
    }

    private long lowestFrom(long offset) {
        for (Chunk chunk : chunks.tailMap(offset >>> CHUNK_BITS).values()) {
            long found = chunk.count == 0 ? -1 : chunk.lowest(offset);
            if (found >= 0) {
                return found;
            }
        }
        throw new IllegalStateException("nothing unfinished from " + offset + " on");
    }

    private static final class Chunk {
        private final long index;
        private final long[] words = new long[WORDS];
        private int count;

        private Chunk(long index) {
            this.index = index;
        }

        private static int word(long offset) {
            return (int) (offset >>> 6) & (WORDS - 1);
        }

        private void set(long offset) {
            words[word(offset)] |= 1L << offset;
            count++;
        }

        private void clear(long offset) {
            words[word(offset)] &= ~(1L << offset);
            count--;
        }

        private boolean isSet(long offset) {
            return (words[word(offset)] & 1L << offset) != 0;
        }

        private long offset(int word, int bit) {
            return (index << CHUNK_BITS) + ((long) word << 6) + bit;
        }

        /** The lowest set offset from here on, or -1. */
        private long lowest(long from) {
            int start = index == from >>> CHUNK_BITS ? word(from) : 0;
            for (int word = start; word < WORDS; word++) {
                if (words[word] != 0) {
                    return offset(word, Long.numberOfTrailingZeros(words[word]));
                }
            }
            return -1;
        }
    }
}
