package io.millrace.engine.offsets;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A low-water mark and the finished offsets above it: what a commit says, and what is read back
 * after a restart. Immutable; any thread.
 */
public final class FinishedSet {
    /** Ascending, disjoint, not touching: from (inclusive), to (exclusive), from, to, ... */
    private final long[] bounds;

    private final long mark;

    private FinishedSet(long mark, long[] bounds) {
        this.mark = mark;
        this.bounds = bounds;
    }

    /** Everything below the mark is finished and nothing above it. */
    public static FinishedSet empty(long mark) {
        return new FinishedSet(mark, new long[0]);
    }

    /** Starts a set at its mark; ranges are added in ascending order. */
    static Builder from(long mark) {
        return new Builder(mark);
    }

    /** The lowest offset that is not finished. */
    public long mark() {
        return mark;
    }

    /** Whether nothing above the mark is finished. */
    public boolean isEmpty() {
        return bounds.length == 0;
    }

    /** The highest finished offset above the mark, or mark - 1 when there is none. */
    public long highest() {
        return bounds.length == 0 ? mark - 1 : bounds[bounds.length - 1] - 1;
    }

    /** Whether this offset is below the mark or in the set. */
    public boolean contains(long offset) {
        if (offset < mark) {
            return true;
        }
        int at = Arrays.binarySearch(bounds, offset);
        // Found at an even index: the start of a range. Not found: inside when the insertion point
        // is odd.
        return at >= 0 ? at % 2 == 0 : (-at - 1) % 2 == 1;
    }

    /** The first offset from here on that is not finished. */
    long firstUnfinished(long offset) {
        long candidate = Math.max(offset, mark);
        for (int i = 0; i < bounds.length; i += 2) {
            if (bounds[i] <= candidate && candidate < bounds[i + 1]) {
                candidate = bounds[i + 1];
            }
        }
        return candidate;
    }

    List<Range> ranges() {
        var ranges = new ArrayList<Range>(bounds.length / 2);
        for (int i = 0; i < bounds.length; i += 2) {
            ranges.add(new Range(bounds[i], bounds[i + 1]));
        }
        return ranges;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FinishedSet that
                && mark == that.mark
                && Arrays.equals(bounds, that.bounds);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(mark) + Arrays.hashCode(bounds);
    }

    @Override
    public String toString() {
        return "mark " + mark + " finished " + ranges();
    }

    /** Offsets from (inclusive) to (exclusive). */
    record Range(long from, long to) {
        @Override
        public String toString() {
            return from + ".." + (to - 1);
        }
    }

    /** Collects ranges in ascending order, joining those that touch. */
    static final class Builder {
        private final long mark;
        private long[] bounds = new long[16];
        private int size;

        private Builder(long mark) {
            this.mark = mark;
        }

        Builder add(long from, long to) {
            if (to <= from) {
                return this;
            }
            if (from <= mark) {
                throw new IllegalArgumentException("range " + from + " reaches the mark " + mark);
            }
            if (size > 0 && from <= bounds[size - 1]) {
                bounds[size - 1] = Math.max(bounds[size - 1], to);
                return this;
            }
            if (size == bounds.length) {
                bounds = Arrays.copyOf(bounds, size * 2);
            }
            bounds[size++] = from;
            bounds[size++] = to;
            return this;
        }

        FinishedSet build() {
            return new FinishedSet(mark, Arrays.copyOf(bounds, size));
        }
    }
}
