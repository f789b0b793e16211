package io.millrace.bench.report;

import java.util.List;

/**
 * A figure over the rounds of a cell.
 *
 * @param rounds how many of them count
 */
public record Spread(double median, double least, double most, int rounds) {
    /** Of at least one value. */
    public static Spread of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no value");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median =
                sorted.size() % 2 == 1
                        ? sorted.get(middle)
                        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(median, sorted.getFirst(), sorted.getLast(), sorted.size());
    }

    /** The range as a part of the median. */
    public double noise() {
        return median == 0 ? 0 : (most - least) / median;
    }
}
