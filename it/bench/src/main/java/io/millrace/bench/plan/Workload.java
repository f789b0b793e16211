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

        /** The same without results. */
        record Consume(int seconds) implements Kind {}

        /**
         * The same where some keys fail at first, to the end.
         *
         * @param seconds at most
         */
        record Poisoned(int seconds) implements Kind {}

        /**
         * Events are sent on a schedule.
         *
         * @param warmUpSeconds sent before what is measured
         */
        record OpenLoop(int perSecond, int warmUpSeconds, int seconds) implements Kind {}

        /** Nothing is sent for so long, and then everything at once. */
        record Idle(int seconds) implements Kind {}

        /** Everything is sent at once. */
        record Burst() implements Kind {}

        /**
         * The arm is killed.
         *
         * @param perSecond events sent meanwhile; 0 where all are there beforehand
         * @param everyMillis from the first results of a life to its end
         */
        record Crash(int perSecond, int kills, int everyMillis) implements Kind {}

        /**
         * A second member joins, and leaves.
         *
         * @param phaseSeconds of steady work, before and after; twice as long together
         */
        record Rebalance(int perSecond, int phaseSeconds) implements Kind {}
    }

    /** The part before the dash. */
    public String group() {
        return id.split("-", -1)[0];
    }

    /** The name of the figure that counts. */
    public String unit() {
        return metrics().getFirst();
    }

    /** Names of the figures that are shown, the one that counts first. */
    public List<String> metrics() {
        return switch (kind) {
            case Kind.Drain _ -> List.of("events/s", "arm µs/event", "broker µs/event", "stall ms");
            case Kind.Consume _ -> List.of("events/s", "arm µs/event", "broker µs/event");
            case Kind.Poisoned _ ->
                    List.of("healthy events/s", "stall ms", "mark stall ms", "violations");
            case Kind.OpenLoop _ -> openLoopMetrics();
            case Kind.Idle _ -> List.of("core %", "transactions", "offset commits", "records/s");
            case Kind.Burst _ -> List.of("all running ms", "at once");
            case Kind.Crash _ ->
                    List.of("resume ms", "longest resume ms", "kills", "lost", "duplicates");
            case Kind.Rebalance _ ->
                    List.of(
                            "pause ms",
                            "partition pause ms",
                            "steady gap ms",
                            "lost",
                            "duplicates");
        };
    }

    private List<String> openLoopMetrics() {
        if (group().equals("W7")) {
            return List.of(
                    "records/event",
                    "extra records/event",
                    "bytes/event",
                    "offsets/event",
                    "txn state/event",
                    "markers/event",
                    "other/event",
                    "p50 ms");
        }
        if (work.straggles()) {
            return List.of("others p99 ms", "others p50 ms", "events/s", "p50 ms", "max ms");
        }
        return List.of(
                "p50 ms",
                "p90 ms",
                "p99 ms",
                "p99.9 ms",
                "max ms",
                "arm µs/event",
                "broker µs/event");
    }

    /** Whether more of the figure that counts is better. */
    public boolean moreIsBetter() {
        return unit().endsWith("events/s");
    }

    /** Whether the topic is filled before any cell begins. */
    public boolean isFilled() {
        return switch (kind) {
            case Kind.Drain _, Kind.Consume _, Kind.Poisoned _ -> true;
            case Kind.OpenLoop _, Kind.Idle _, Kind.Burst _, Kind.Crash _, Kind.Rebalance _ ->
                    false;
        };
    }

    /** Whether handlers keep an audit of what they see. */
    public boolean isAudited() {
        return kind instanceof Kind.Consume
                || kind instanceof Kind.Burst
                || kind instanceof Kind.Poisoned;
    }

    /** The same for some of its contenders. */
    Workload with(List<Contender> some) {
        return new Workload(id, title, recipe, work, kind, some);
    }
}
