package io.millrace.bench.plan;

import static io.millrace.bench.plan.Plan.KEYS;
import static io.millrace.bench.plan.Plan.MILLRACE;

import io.millrace.bench.arm.ArmKind;
import io.millrace.bench.function.HandlerWork;
import io.millrace.bench.load.Keys;
import io.millrace.bench.load.Recipe;

import java.util.List;

/** W5, W7, W8, W13 and idle triggers: how long, and at which price, when events come one by one. */
final class LatencyPlan {
    private static final int WARM_UP_SECONDS = 3;

    private LatencyPlan() {}

    static void add(Plan.Sizes sizes, List<Workload> workloads, List<Goal> goals) {
        stragglers(sizes, workloads, goals);
        amplification(sizes, workloads, goals);
        exactlyOnce(sizes, workloads, goals);
        atLeastOnce(sizes, workloads, goals);
        burst(workloads, goals);
        idle(sizes, workloads, goals);
    }

    private static Workload openLoop(
            String id,
            String title,
            int rate,
            Plan.Sizes sizes,
            HandlerWork work,
            List<Contender> contenders) {
        long events = (long) rate * (sizes.openSeconds() + WARM_UP_SECONDS);
        return new Workload(
                id,
                title,
                Plan.recipe(events, KEYS, work.waits() ? Keys.UNIFORM : Keys.ZIPF),
                work,
                new Workload.Kind.OpenLoop(rate, WARM_UP_SECONDS, sizes.openSeconds()),
                contenders);
    }

    private static void stragglers(Plan.Sizes sizes, List<Workload> workloads, List<Goal> goals) {
        HandlerWork work = HandlerWork.straggling(1, 5_000, 1_000);
        Contender product = Arms.millrace(65_536, 1_000);
        workloads.add(
                openLoop(
                        "W5",
                        "5,000 events/s, 0.1 % take 5 s, the rest 1 ms, exactly-once",
                        5_000,
                        sizes,
                        work,
                        List.of(
                                Arms.parallel("PC", 1_000),
                                Arms.millrace("MB", ArmKind.BARRIER, "65536", 1_000),
                                Arms.WAITING_STREAMS,
                                Arms.with(product, "M, none slow", "work", "wait:1"),
                                product)));
        goals.add(Goal.partOf("W5", MILLRACE, "others p99 ms", "M, none slow", 2));
        workloads.add(
                new Workload(
                        "W5-drain",
                        "as fast as it goes, 0.1 % take 5 s, the rest 1 ms, exactly-once",
                        Plan.recipe(sizes.events() / 2, KEYS, Keys.UNIFORM),
                        work,
                        new Workload.Kind.Drain(sizes.drainSeconds()),
                        List.of(
                                Arms.parallel("PC", 1_000),
                                Arms.millrace("MB", ArmKind.BARRIER, "65536", 10_000),
                                Arms.millrace(65_536, 10_000))));
        goals.add(Goal.times("W5-drain", MILLRACE, "PC", 100));
        goals.add(Goal.times("W5-drain", MILLRACE, "MB", 100));
    }

    private static void amplification(
            Plan.Sizes sizes, List<Workload> workloads, List<Goal> goals) {
        workloads.add(
                openLoop(
                        "W7",
                        "what is written at 10,000 events/s, exactly-once",
                        10_000,
                        sizes,
                        HandlerWork.NOOP,
                        List.of(
                                Contender.of("KS", ArmKind.STREAMS),
                                Contender.of("invocation topic", ArmKind.STREAMS, "hop", "true"),
                                Arms.millrace("MP", ArmKind.PENDING, "64", 100),
                                Arms.millrace(64, 100))));
        goals.add(Goal.atMost("W7", MILLRACE, "records/event", 1.02));
        goals.add(Goal.atMost("W7", MILLRACE, "extra records/event", 1.05));
    }

    private static void exactlyOnce(Plan.Sizes sizes, List<Workload> workloads, List<Goal> goals) {
        Contender defaults = Contender.of("KS default", ArmKind.STREAMS);
        Contender tuned =
                Contender.of(
                        "KS tuned",
                        ArmKind.STREAMS,
                        "commit.interval.ms",
                        "5",
                        "poll.ms",
                        "1",
                        "producer.linger.ms",
                        "0");
        for (int rate : List.of(100, 1_000, 10_000, 30_000)) {
            String id = "W8-" + rate;
            workloads.add(
                    openLoop(
                            id,
                            String.format(
                                    java.util.Locale.ROOT,
                                    "latency at %,d events/s, exactly-once",
                                    rate),
                            rate,
                            sizes,
                            HandlerWork.NOOP,
                            List.of(
                                    defaults,
                                    tuned,
                                    Arms.latencyParallel(),
                                    Arms.millrace(64, 100))));
            if (rate == 1_000 || rate == 10_000) {
                goals.add(Goal.atMost(id, MILLRACE, "p50 ms", 8));
                goals.add(Goal.atMost(id, MILLRACE, "p99 ms", 25));
                goals.add(Goal.partOf(id, MILLRACE, "p50 ms", "KS default", 1.0 / 8));
            }
        }
    }

    private static void atLeastOnce(Plan.Sizes sizes, List<Workload> workloads, List<Goal> goals) {
        for (int rate : List.of(1_000, 10_000)) {
            String id = "W8-alo-" + rate;
            workloads.add(
                    openLoop(
                            id,
                            String.format(
                                    java.util.Locale.ROOT,
                                    "latency at %,d events/s, at_least_once",
                                    rate),
                            rate,
                            sizes,
                            HandlerWork.NOOP,
                            List.of(
                                    Contender.of(
                                            "KS",
                                            ArmKind.STREAMS,
                                            "guarantee",
                                            "at_least_once",
                                            "poll.ms",
                                            "1",
                                            "producer.linger.ms",
                                            "0"),
                                    Arms.with(
                                            Arms.latencyParallel(),
                                            "PC",
                                            "guarantee",
                                            "at_least_once",
                                            "commit",
                                            "async"),
                                    Arms.with(
                                            Arms.millrace(64, 100),
                                            MILLRACE,
                                            "guarantee",
                                            "at_least_once"))));
            goals.add(Goal.atMost(id, MILLRACE, "p50 ms", 2.5));
        }
    }

    private static void burst(List<Workload> workloads, List<Goal> goals) {
        int count = 1_000;
        workloads.add(
                new Workload(
                        "W13",
                        "from idle to 1,000 handlers that run at the same time",
                        new Recipe(count, 100, count, Keys.EACH, Plan.PARTITIONS, Plan.SEED),
                        HandlerWork.waiting(3_000),
                        new Workload.Kind.Burst(),
                        List.of(
                                Arms.parallel("PC", 1_000),
                                Arms.millrace(MILLRACE, ArmKind.MILLRACE, "key", 10_000))));
        goals.add(Goal.atMost("W13", MILLRACE, "all running ms", 100));
    }

    private static void idle(Plan.Sizes sizes, List<Workload> workloads, List<Goal> goals) {
        workloads.add(
                new Workload(
                        "idle",
                        "a trigger with nothing to do, exactly-once",
                        Plan.recipe(100, 100, Keys.UNIFORM),
                        HandlerWork.NOOP,
                        new Workload.Kind.Idle(sizes.isQuick() ? 10 : 60),
                        List.of(
                                Contender.of("KS", ArmKind.STREAMS),
                                Arms.latencyParallel(),
                                Arms.millrace(64, 100))));
        goals.add(Goal.atMost("idle", MILLRACE, "core %", 0.5));
        goals.add(Goal.atMost("idle", MILLRACE, "transactions", 0));
    }
}
