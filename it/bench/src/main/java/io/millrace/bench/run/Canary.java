package io.millrace.bench.run;

import java.util.ArrayList;
import java.util.List;

/**
 * Tells from the raw arm's speed, taken again in every round, whether the machine is as fast as it
 * was. Threading: one thread.
 */
final class Canary {
    /** More than this part of the former figure is noise. */
    static final double TOLERANCE = 0.10;

    private final List<Double> accepted = new ArrayList<>();

    /**
     * Whether the figure is near the median of those before. One that is counts from now on; the
     * first one always does.
     */
    boolean isSteady(double perSecond) {
        if (perSecond <= 0) {
            return false;
        }
        if (!accepted.isEmpty()) {
            double usual = median();
            if (Math.abs(perSecond - usual) > TOLERANCE * usual) {
                return false;
            }
        }
        accepted.add(perSecond);
        return true;
    }

    private double median() {
        List<Double> sorted = accepted.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
