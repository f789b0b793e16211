package io.millrace.bench.plan;

import static io.millrace.bench.plan.Plan.KEYS;
import static io.millrace.bench.plan.Plan.MILLRACE;

import io.millrace.bench.arm.ArmKind;
import io.millrace.bench.function.HandlerWork;
import io.millrace.bench.load.Keys;

import java.util.ArrayList;
import java.util.List;

/** W1 to W4 and W15: how many events per second. */
final class ThroughputPlan {
    private ThroughputPlan() {}

    static void add(Plan.Sizes sizes, List<Workload> workloads, List<Goal> goals) {
        withoutResults(sizes, workloads, goals);
        passThrough(sizes, workloads, goals);
        waiting(sizes, workloads, goals);
        hotKey(sizes, workloads, goals);
        metering(sizes, workloads, goals);
    }

    private static void withoutResults(
            Plan.Sizes sizes, List<Workload> workloads, List<Goal> goals) {
        workloads.add(
                new Workload(
                        "W1",
                        "no work, no results, at_least_once",
                        Plan.recipe(sizes.events(), KEYS, Keys.ZIPF),
                        HandlerWork.NOOP,
                        new Workload.Kind.Consume(sizes.drainSeconds()),
                        List.of(
                                silent(Arms.RAW),
                                Arms.with(silent(Arms.STREAMS), "KS", "commit.interval.ms", "100"),
                                Arms.with(
                                        silent(Arms.parallel("PC", 200)), "PC", "commit", "async"),
                                silent(Arms.SHARE),
                                silent(Arms.millrace(64, 100)))));
        goals.add(Goal.times("W1", MILLRACE, "PC", 4));
        goals.add(Goal.times("W1", MILLRACE, "R", 0.60));
    }

    private static Contender silent(Contender contender) {
        return Arms.with(
                contender, contender.name(), "silent", "true", "guarantee", "at_least_once");
    }

    private static void passThrough(Plan.Sizes sizes, List<Workload> workloads, List<Goal> goals) {
        workloads.add(
                new Workload(
                        "W2",
                        "one in, one out, no work, exactly-once",
                        Plan.recipe(sizes.events(), KEYS, Keys.ZIPF),
                        HandlerWork.NOOP,
                        new Workload.Kind.Drain(sizes.drainSeconds()),
                        List.of(
                                Arms.RAW,
                                Arms.STREAMS,
                                Arms.parallel("PC", 200),
                                Arms.millrace("MP", ArmKind.PENDING, "64", 100),
                                Arms.millrace(64, 100))));
        goals.add(Goal.times("W2", MILLRACE, "PC", 15));
        goals.add(Goal.times("W2", MILLRACE, "KS", 0.90));
    }

    private static void waiting(Plan.Sizes sizes, List<Workload> workloads, List<Goal> goals) {
        for (int millis : List.of(1, 10, 100)) {
            List<Contender> contenders = new ArrayList<>();
            contenders.add(Arms.parallel("PC100", 100));
            contenders.add(Arms.parallel("PC1000", 1000));
            if (millis == 100) {
                contenders.add(Arms.WAITING_STREAMS);
            }
            if (millis == 10) {
                contenders.add(Arms.SHARE);
                contenders.add(Arms.millrace("MB", ArmKind.BARRIER, "65536", 10_000));
            }
            contenders.add(Arms.millrace(65_536, 10_000));
            workloads.add(
                    new Workload(
                            "W3-" + millis,
                            "handler waits " + millis + " ms, 10,000 keys, exactly-once",
                            Plan.recipe(sizes.events() / 2, KEYS, Keys.UNIFORM),
                            HandlerWork.waiting(millis),
                            new Workload.Kind.Drain(sizes.drainSeconds()),
                            contenders));
        }
        goals.add(Goal.times("W3-1", MILLRACE, "PC100", 1.5));
        goals.add(Goal.times("W3-10", MILLRACE, "PC100", 8));
        goals.add(Goal.times("W3-10", MILLRACE, "PC1000", 3));
        goals.add(Goal.times("W3-100", MILLRACE, "PC100", 80));
        goals.add(Goal.times("W3-100", MILLRACE, "PC1000", 20));
        goals.add(Goal.times("W3-100", MILLRACE, "KS", 1000));
    }

    private static void hotKey(Plan.Sizes sizes, List<Workload> workloads, List<Goal> goals) {
        workloads.add(
                new Workload(
                        "W4",
                        "one hot key, no work, exactly-once",
                        Plan.recipe(sizes.events(), 1, Keys.UNIFORM),
                        HandlerWork.NOOP,
                        new Workload.Kind.Drain(sizes.drainSeconds()),
                        List.of(Arms.STREAMS, Arms.parallel("PC", 100), Arms.millrace(64, 100))));
        goals.add(Goal.times("W4", MILLRACE, "PC", 200));
        goals.add(Goal.times("W4", MILLRACE, "KS", 0.70));
    }

    private static void metering(Plan.Sizes sizes, List<Workload> workloads, List<Goal> goals) {
        workloads.add(
                new Workload(
                        "W15",
                        "metering, handler waits 1 ms, exactly-once",
                        Plan.recipe(sizes.events() / 2, KEYS, Keys.UNIFORM),
                        HandlerWork.waiting(1),
                        new Workload.Kind.Drain(sizes.drainSeconds()),
                        List.of(
                                Arms.millrace("unmetered", ArmKind.UNMETERED, "65536", 1_000),
                                Arms.with(
                                        Arms.millrace(65_536, 1_000),
                                        MILLRACE,
                                        "audit-metering",
                                        "true"))));
        goals.add(Goal.times("W15", MILLRACE, "unmetered", 0.97));
    }
}
