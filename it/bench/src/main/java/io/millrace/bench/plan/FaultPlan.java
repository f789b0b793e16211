package io.millrace.bench.plan;

import static io.millrace.bench.plan.Plan.KEYS;
import static io.millrace.bench.plan.Plan.MILLRACE;

import io.millrace.bench.arm.ArmKind;
import io.millrace.bench.function.HandlerWork;
import io.millrace.bench.load.Keys;
import io.millrace.bench.load.Recipe;

import java.util.List;

/** W6, W9 and W16: what failures cost. */
final class FaultPlan {
    private static final int CRASH_RATE = 500;

    private FaultPlan() {}

    static void add(Plan.Sizes sizes, List<Workload> workloads, List<Goal> goals) {
        poison(sizes, workloads, goals);
        crash(sizes, workloads, goals);
        rebalance(sizes, workloads, goals);
        recovery(sizes, workloads, goals);
    }

    private static void poison(Plan.Sizes sizes, List<Workload> workloads, List<Goal> goals) {
        int failSeconds = sizes.isQuick() ? 10 : 60;
        long events = sizes.isQuick() ? 500_000 : 3_000_000;
        Contender product =
                Arms.with(
                        Arms.millrace(65_536, 1_000),
                        MILLRACE,
                        "retry",
                        "{ max-attempts: 1000, first-delay: 1s, max-delay: 1s }");
        workloads.add(
                new Workload(
                        "W6",
                        "1 % of the keys fail for " + failSeconds + " s, backoff 1 s, exactly-once",
                        Plan.recipe(events, KEYS, Keys.UNIFORM),
                        HandlerWork.poison(100, failSeconds * 1_000),
                        new Workload.Kind.Poisoned(failSeconds * 4 + 60),
                        List.of(
                                Arms.parallel("PC", 200),
                                Arms.with(Arms.STREAMS, "KS", "max.poll.interval.ms", "300000"),
                                Arms.with(product, "M, none fails", "work", "noop"),
                                product)));
        goals.add(Goal.ratio("W6", MILLRACE, "healthy events/s", "M, none fails", 0.95));
        goals.add(Goal.atMost("W6", MILLRACE, "violations", 0));
        goals.add(Goal.atMost("W6", MILLRACE, "mark stall ms", 1_000));
    }

    private static Contender steady(Contender contender) {
        return Arms.with(contender, contender.name(), "static", "true");
    }

    private static void crash(Plan.Sizes sizes, List<Workload> workloads, List<Goal> goals) {
        int kills = sizes.isQuick() ? 2 : 6;
        long seconds = (kills + 1) * 8L;
        workloads.add(
                new Workload(
                        "W9-crash",
                        "kill -9 every 5 s, 500 events/s of which 1 % take 10 s, exactly-once",
                        Plan.recipe(CRASH_RATE * seconds, KEYS, Keys.UNIFORM),
                        HandlerWork.straggling(1, 10_000, 100),
                        new Workload.Kind.Crash(CRASH_RATE, kills, 5_000),
                        List.of(
                                steady(Arms.parallel("PC", 1_000)),
                                Arms.millrace("MB", ArmKind.BARRIER, "65536", 1_000),
                                Arms.millrace(65_536, 1_000))));
        goals.add(Goal.atMost("W9-crash", MILLRACE, "lost", 0));
        goals.add(Goal.atMost("W9-crash", MILLRACE, "duplicates", 0));
        // The limit that is set for a kill -9 with static membership.
        goals.add(Goal.atMost("W9-crash", MILLRACE, "longest resume ms", 5_000));
    }

    private static void rebalance(Plan.Sizes sizes, List<Workload> workloads, List<Goal> goals) {
        int phase = sizes.isQuick() ? 4 : 12;
        workloads.add(
                new Workload(
                        "W9-rebalance",
                        "a member joins and leaves, 500 events/s of which 1 % take 10 s",
                        Plan.recipe(CRASH_RATE * 6L * phase, KEYS, Keys.UNIFORM),
                        HandlerWork.straggling(1, 10_000, 100),
                        new Workload.Kind.Rebalance(CRASH_RATE, phase),
                        List.of(
                                Arms.parallel("PC", 1_000),
                                Arms.millrace("MB", ArmKind.BARRIER, "65536", 1_000),
                                Arms.millrace(65_536, 1_000))));
        goals.add(Goal.atMost("W9-rebalance", MILLRACE, "pause ms", 300));
        goals.add(Goal.partOf("W9-rebalance", MILLRACE, "pause ms", "MB", 1.0 / 30));
        goals.add(Goal.atMost("W9-rebalance", MILLRACE, "lost", 0));
        goals.add(Goal.atMost("W9-rebalance", MILLRACE, "duplicates", 0));
    }

    private static void recovery(Plan.Sizes sizes, List<Workload> workloads, List<Goal> goals) {
        // More partitions: what a partition may have in flight or queued is limited to 10,000.
        var recipe =
                new Recipe(
                        sizes.isQuick() ? 150_000 : 300_000,
                        100,
                        100_000,
                        Keys.UNIFORM,
                        16,
                        Plan.SEED);
        workloads.add(
                new Workload(
                        "W16",
                        "kill -9 with 100,000 events in flight or queued, handler waits 1 s",
                        recipe,
                        HandlerWork.waiting(1_000),
                        new Workload.Kind.Crash(0, 1, 1_000),
                        List.of(
                                steady(
                                        Contender.of(
                                                "KS",
                                                ArmKind.STREAMS,
                                                "store",
                                                "true",
                                                "work",
                                                "noop")),
                                Arms.millrace("MP", ArmKind.PENDING, "key", 20_000),
                                Arms.millrace(MILLRACE, ArmKind.MILLRACE, "key", 20_000))));
        goals.add(Goal.partOf("W16", MILLRACE, "resume ms", "MP", 1.0 / 10));
    }
}
