package io.millrace.bench.judge;

import java.util.ArrayList;
import java.util.List;

/**
 * How far an arm had come at moments of a cell, by what it has committed.
 *
 * <p>Threading: one thread.
 */
public final class Advance {
    private static final double WARM_UP = 0.1;

    private record Look(long millis, long count) {}

    private final List<Look> looks = new ArrayList<>();

    /** It had come so far. */
    public void add(long millis, long count) {
        looks.add(new Look(millis, count));
    }

    /**
     * Events per second, without the first tenth of them, until the last look that found more; 0
     * where there is nothing to tell.
     */
    public double perSecond() {
        long all = looks.isEmpty() ? 0 : looks.getLast().count();
        Look from = null;
        Look to = null;
        for (Look look : looks) {
            if (from == null && look.count() > 0 && look.count() >= all * WARM_UP) {
                from = look;
            }
            if (to == null || look.count() > to.count()) {
                to = look;
            }
        }
        return from == null || to.millis() <= from.millis()
                ? 0
                : (to.count() - from.count()) * 1000.0 / (to.millis() - from.millis());
    }

    /** The longest time it did not come further, between its first step and its last. */
    public long stallMillis() {
        long stall = 0;
        Look last = null;
        for (Look look : looks) {
            if (last == null ? look.count() > 0 : look.count() > last.count()) {
                stall = Math.max(stall, last == null ? 0 : look.millis() - last.millis());
                last = look;
            }
        }
        return stall;
    }
}
