package io.millrace.bench.judge;

import java.util.Arrays;

/**
 * When results were written, to the millisecond, by the broker's clock.
 *
 * <p>Threading: one thread.
 */
public final class Pace {
    private static final double WARM_UP = 0.1;

    private final long origin;
    private int[] perMillisecond = new int[1 << 16];
    private long count;
    private int last = -1;

    /**
     * Nothing yet.
     *
     * @param origin milliseconds on the wall clock; nothing was written before
     */
    public Pace(long origin) {
        this.origin = origin;
    }

    /** A result was written. */
    public void add(long millis) {
        int at = Math.toIntExact(Math.max(0, millis - origin));
        if (at >= perMillisecond.length) {
            perMillisecond =
                    Arrays.copyOf(perMillisecond, Math.max(at + 1, perMillisecond.length * 2));
        }
        perMillisecond[at]++;
        count++;
        last = Math.max(last, at);
    }

    /**
     * The part that counts: without the first tenth of the results, which is warm-up, and without
     * what came after the end.
     *
     * @param from wall clock, milliseconds
     * @param events results in it, that of its first millisecond not counted
     * @param stallMillis longest time without a result
     */
    public record Window(long from, long to, long events, long stallMillis) {
        /** Results per second; 0 when there is no window. */
        public double perSecond() {
            return to > from ? events * 1000.0 / (to - from) : 0;
        }
    }

    /**
     * Cuts the part that counts.
     *
     * @param stoppedAt when the arm was told to stop, milliseconds on the wall clock
     */
    public Window window(long stoppedAt) {
        int stop = (int) Math.min(last, Math.max(0, stoppedAt - origin));
        long before = 0;
        for (int at = 0; at <= stop; at++) {
            before += perMillisecond[at];
        }
        long skip = (long) Math.ceil(before * WARM_UP);
        long passed = 0;
        int from = 0;
        while (from < stop && passed + perMillisecond[from] < skip) {
            passed += perMillisecond[from++];
        }
        long events = 0;
        long stall = 0;
        int previous = from;
        int end = from;
        for (int at = from + 1; at <= stop; at++) {
            if (perMillisecond[at] > 0) {
                events += perMillisecond[at];
                stall = Math.max(stall, at - previous);
                previous = at;
                end = at;
            }
        }
        return new Window(origin + from, origin + end, events, stall);
    }

    public long count() {
        return count;
    }
}
