package io.millrace.bench.plan;

import java.util.Optional;

/**
 * What a figure of one contender has to be.
 *
 * @param metric name of the figure
 * @param against the contender whose figure it is compared with; without one the figure counts as
 *     it is
 * @param wanted the bound
 */
public record Goal(
        String workload,
        String contender,
        String metric,
        Sense sense,
        Optional<String> against,
        double wanted) {

    /** Which side of the bound is good. */
    public enum Sense {
        AT_LEAST,
        AT_MOST
    }

    /** At least so many times the other's figure. */
    public static Goal times(String workload, String contender, String other, double factor) {
        return new Goal(
                workload, contender, "events/s", Sense.AT_LEAST, Optional.of(other), factor);
    }

    /** At least so many times the other's figure of this name. */
    public static Goal ratio(
            String workload, String contender, String metric, String other, double factor) {
        return new Goal(workload, contender, metric, Sense.AT_LEAST, Optional.of(other), factor);
    }

    /** At most so much. */
    public static Goal atMost(String workload, String contender, String metric, double bound) {
        return new Goal(workload, contender, metric, Sense.AT_MOST, Optional.empty(), bound);
    }

    /** At most so large a part of the other's figure. */
    public static Goal partOf(
            String workload, String contender, String metric, String other, double part) {
        return new Goal(workload, contender, metric, Sense.AT_MOST, Optional.of(other), part);
    }

    /** Whether the figure, or its ratio, is good enough. */
    public boolean isReached(double actual) {
        return sense == Sense.AT_LEAST ? actual >= wanted : actual <= wanted;
    }

    /** By which part of the bound it falls short; 0 when it does not. */
    public double shortfall(double actual) {
        if (isReached(actual)) {
            return 0;
        }
        return sense == Sense.AT_LEAST ? 1 - actual / wanted : actual / wanted - 1;
    }
}
