package io.millrace.bench.plan;

import io.millrace.bench.function.HandlerWork;
import io.millrace.bench.load.Recipe;

import java.util.List;

/**
 * One line of work that all its contenders get.
 *
 * @param id as it is chosen by {@code --only}; what stands before a dash names the group
 */
public record Workload(
        String id,
        String title,
        Recipe recipe,
        HandlerWork work,
        Kind kind,
        List<Contender> contenders) {
    public Workload {
        contenders = List.copyOf(contenders);
    }

    /** How it is measured. */
    public sealed interface Kind {
        /**
         * A topic that was filled before is processed.
         *
         * @param seconds at most, from the first result on
         */
        record Drain(int seconds) implements Kind {}

        /**
         * Events are sent on a schedule.
         *
         * @param warmUpSeconds sent before what is measured
         */
        record OpenLoop(int perSecond, int warmUpSeconds, int seconds) implements Kind {}
    }

    /** The part before the dash. */
    public String group() {
        return id.split("-", -1)[0];
    }

    /** The name of the figure that counts. */
    public String unit() {
        return switch (kind) {
            case Kind.Drain _ -> "events/s";
            case Kind.OpenLoop _ -> "p50 ms";
        };
    }
}
