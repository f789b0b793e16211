package io.millrace.bench.plan;

import io.millrace.bench.arm.ArmKind;
import io.millrace.bench.function.HandlerWork;
import io.millrace.bench.load.Keys;
import io.millrace.bench.load.Recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * All workloads and goals.
 *
 * @param rounds how often each cell is run
 */
public record Plan(List<Workload> workloads, List<Goal> goals, int rounds) {
    private static final int PARTITIONS = 8;
    private static final int KEYS = 10_000;
    private static final long SEED = 42;

    /** The product's own name in all tables. */
    public static final String MILLRACE = "M";

    private static final Contender RAW = Contender.of("R", ArmKind.RAW);
    private static final Contender SHARE = Contender.of("SH", ArmKind.SHARE);
    private static final Contender STREAMS =
            Contender.of(
                    "KS",
                    ArmKind.STREAMS,
                    "producer.linger.ms",
                    "5",
                    "producer.batch.size",
                    "131072");

    /** So that it can be stopped while handlers wait inside its loop. */
    private static final Contender WAITING_STREAMS =
            Contender.of(
                    "KS",
                    ArmKind.STREAMS,
                    "producer.linger.ms",
                    "5",
                    "max.poll.interval.ms",
                    "4000",
                    "max.poll.records",
                    "100");

    public Plan {
        workloads = List.copyOf(workloads);
        goals = List.copyOf(goals);
    }

    /** The whole run. */
    public static Plan full() {
        return of(new Sizes(12_000_000, 30, 30), 5);
    }

    /** A run of some minutes: shorter cells, fewer rounds, the same arms. */
    public static Plan quick() {
        return of(new Sizes(2_000_000, 5, 6), 1);
    }

    /** Only these workloads, by id or by group. */
    public Plan only(Set<String> chosen) {
        List<Workload> left =
                workloads.stream()
                        .filter(w -> chosen.contains(w.id()) || chosen.contains(w.group()))
                        .toList();
        Set<String> ids =
                left.stream().map(Workload::id).collect(java.util.stream.Collectors.toSet());
        return new Plan(
                left, goals.stream().filter(g -> ids.contains(g.workload())).toList(), rounds);
    }

    /** Only these contenders, by name; goals that need others cannot be measured. */
    public Plan onlyArms(Set<String> chosen) {
        return new Plan(
                workloads.stream()
                        .map(w ->
                                new Workload(
                                        w.id(),
                                        w.title(),
                                        w.recipe(),
                                        w.work(),
                                        w.kind(),
                                        w.contenders().stream()
                                                .filter(c -> chosen.contains(c.name()))
                                                .toList()))
                        .toList(),
                goals,
                rounds);
    }

    /** The same with another number of rounds. */
    public Plan withRounds(int wanted) {
        return new Plan(workloads, goals, wanted);
    }

    private record Sizes(long events, int drainSeconds, int openSeconds) {}

    private static Plan of(Sizes sizes, int rounds) {
        List<Workload> workloads = new ArrayList<>();
        List<Goal> goals = new ArrayList<>();
        passThrough(sizes, workloads, goals);
        waiting(sizes, workloads, goals);
        hotKey(sizes, workloads, goals);
        latency(sizes, workloads, goals);
        return new Plan(workloads, goals, rounds);
    }

    private static void passThrough(Sizes sizes, List<Workload> workloads, List<Goal> goals) {
        workloads.add(
                new Workload(
                        "W2",
                        "one in, one out, no work, exactly-once",
                        recipe(sizes.events(), KEYS, Keys.ZIPF),
                        HandlerWork.NOOP,
                        new Workload.Kind.Drain(sizes.drainSeconds()),
                        List.of(RAW, STREAMS, parallel("PC", 200), millrace(64, 100))));
        goals.add(Goal.times("W2", MILLRACE, "PC", 15));
        goals.add(Goal.times("W2", MILLRACE, "KS", 0.90));
    }

    private static void waiting(Sizes sizes, List<Workload> workloads, List<Goal> goals) {
        for (int millis : List.of(1, 10, 100)) {
            String id = "W3-" + millis;
            List<Contender> contenders = new ArrayList<>();
            contenders.add(parallel("PC100", 100));
            contenders.add(parallel("PC1000", 1000));
            if (millis == 100) {
                contenders.add(WAITING_STREAMS);
            }
            if (millis == 10) {
                contenders.add(SHARE);
            }
            contenders.add(millrace(65_536, 10_000));
            workloads.add(
                    new Workload(
                            id,
                            "handler waits " + millis + " ms, 10,000 keys, exactly-once",
                            recipe(sizes.events() / 2, KEYS, Keys.UNIFORM),
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

    private static void hotKey(Sizes sizes, List<Workload> workloads, List<Goal> goals) {
        workloads.add(
                new Workload(
                        "W4",
                        "one hot key, no work, exactly-once",
                        recipe(sizes.events(), 1, Keys.UNIFORM),
                        HandlerWork.NOOP,
                        new Workload.Kind.Drain(sizes.drainSeconds()),
                        List.of(STREAMS, parallel("PC", 100), millrace(64, 100))));
        goals.add(Goal.times("W4", MILLRACE, "PC", 200));
        goals.add(Goal.times("W4", MILLRACE, "KS", 0.70));
    }

    private static void latency(Sizes sizes, List<Workload> workloads, List<Goal> goals) {
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
        for (int rate : List.of(1_000, 10_000)) {
            String id = "W8-" + rate;
            long events = (long) rate * (sizes.openSeconds() + 3);
            workloads.add(
                    new Workload(
                            id,
                            "latency at " + rate + " events/s, exactly-once",
                            recipe(events, KEYS, Keys.ZIPF),
                            HandlerWork.NOOP,
                            new Workload.Kind.OpenLoop(rate, 3, sizes.openSeconds()),
                            List.of(defaults, tuned, latencyParallel(), millrace(64, 100))));
            goals.add(Goal.atMost(id, MILLRACE, "p50 ms", 8));
            goals.add(Goal.atMost(id, MILLRACE, "p99 ms", 25));
            goals.add(Goal.partOf(id, MILLRACE, "p50 ms", "KS default", 1.0 / 8));
        }
    }

    private static Contender parallel(String name, int threads) {
        return Contender.of(
                name,
                ArmKind.PARALLEL,
                "threads",
                Integer.toString(threads),
                "linger.ms",
                "1",
                "commit",
                "transactional");
    }

    private static Contender latencyParallel() {
        return Contender.of(
                "PC", ArmKind.PARALLEL, "threads", "100", "linger.ms", "0", "commit.ms", "10");
    }

    private static Contender millrace(int lanes, int concurrency) {
        return Contender.of(
                MILLRACE,
                ArmKind.MILLRACE,
                "lanes",
                Integer.toString(lanes),
                "max-concurrency",
                Integer.toString(concurrency));
    }

    private static Recipe recipe(long events, int keys, Keys spread) {
        return new Recipe(events, 100, keys, spread, PARTITIONS, SEED);
    }
}
