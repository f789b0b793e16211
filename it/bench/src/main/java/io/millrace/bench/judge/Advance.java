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
        if (looks.isEmpty()) {
            return 0;
        }
        double warmUp = Math.max(1, looks.getLast().count() * WARM_UP);
        List<Look> left = looks.stream().filter(look -> look.count() >= warmUp).toList();
        if (left.isEmpty()) {
            return 0;
        }
        Look from = left.getFirst();
        Look to = from;
        for (Look look : left) {
            if (look.count() > to.count()) {
                to = look;
            }
        }
        return to.millis() <= from.millis()
                ? 0
                : (to.count() - from.count()) * 1000.0 / (to.millis() - from.millis());
    }

    /** The longest time it did not come further, between its first step and its last. */
    public long stallMillis() {
        long stall = 0;
        Look last = new Look(0, 0);
        for (Look look : looks) {
            if (look.count() > last.count()) {
                stall = Math.max(stall, last.count() == 0 ? 0 : look.millis() - last.millis());
                last = look;
            }
        }
        return stall;
    }
}
