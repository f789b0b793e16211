package io.millrace.bench.judge;

import java.util.Arrays;

/**
 * When a reader of committed records got results, and when the broker had got them, partition by
 * partition. Threading: any thread.
 */
public final class Arrivals {
    private final int partitions;
    private long[] nanos = new long[1 << 12];
    private long[] brokerMillis = new long[1 << 12];
    private int[] partitionOf = new int[1 << 12];
    private int size;
    private long count;

    public Arrivals(int partitions) {
        this.partitions = partitions;
    }

    /** Some results of a partition, in the order of time. */
    public synchronized void add(long now, int partition, long newestMillis, int records) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * size);
            brokerMillis = Arrays.copyOf(brokerMillis, 2 * size);
            partitionOf = Arrays.copyOf(partitionOf, 2 * size);
        }
        nanos[size] = now;
        brokerMillis[size] = newestMillis;
        partitionOf[size++] = partition;
        count += records;
    }

    /** Results so far. */
    public synchronized long count() {
        return count;
    }

    /** When the first one came that was written after this; negative if none has. */
    public synchronized long firstWrittenAfter(long millis) {
        for (int i = 0; i < size; i++) {
            if (brokerMillis[i] > millis) {
                return nanos[i];
            }
        }
        return -1;
    }

    /** The longest time without any result. */
    public synchronized long longestGap(long from, long to) {
        return longestGap(from, to, -1);
    }

    /** The longest time without a result of one partition: that of the worst one. */
    public synchronized long longestGapOfAPartition(long from, long to) {
        long longest = 0;
        for (int partition = 0; partition < partitions; partition++) {
            longest = Math.max(longest, longestGap(from, to, partition));
        }
        return longest;
    }

    private long longestGap(long from, long to, int partition) {
        long longest = 0;
        long previous = from;
        for (int i = 0; i < size; i++) {
            boolean counts = partition < 0 || partitionOf[i] == partition;
            if (counts && nanos[i] >= from && nanos[i] <= to) {
                longest = Math.max(longest, nanos[i] - previous);
                previous = nanos[i];
            }
        }
        return Math.max(longest, to - previous);
    }
}
