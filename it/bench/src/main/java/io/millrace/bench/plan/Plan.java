package io.millrace.bench.plan;

import io.millrace.bench.arm.ArmKind;
import io.millrace.bench.function.HandlerWork;
import io.millrace.bench.load.Keys;
import io.millrace.bench.load.Recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All workloads and goals.
 *
 * @param rounds how often each cell is run
 */
public record Plan(List<Workload> workloads, List<Goal> goals, int rounds) {
    static final int PARTITIONS = 8;
    static final int KEYS = 10_000;
    static final long SEED = 42;

    /** The product's own name in all tables. */
    public static final String MILLRACE = "M";

    /** The workload that shows whether the machine is as fast as before. */
    public static final String CANARY = "canary";

    /** What a quick run leaves out: its goals take longer, or another workload shows the same. */
    private static final Set<String> SLOW =
            Set.of("W3-1", "W5-drain", "W8-100", "W8-30000", "W8-alo-10000", "W9-rebalance");

    public Plan {
        workloads = List.copyOf(workloads);
        goals = List.copyOf(goals);
    }

    /** The whole run. */
    public static Plan full() {
        return of(new Sizes(12_000_000, 30, 30), 5);
    }

    /** A run of some minutes: short cells, one round, the arms that goals need. */
    public static Plan quick() {
        Plan all = of(new Sizes(1_000_000, 4, 4), 1);
        List<Goal> goals =
                all.goals().stream().filter(goal -> !SLOW.contains(goal.workload())).toList();
        List<Workload> workloads = new ArrayList<>();
        for (Workload workload : all.workloads()) {
            if (!SLOW.contains(workload.id())) {
                workloads.add(
                        workload.with(
                                workload.contenders().stream()
                                        .filter(c -> isNeeded(goals, workload, c))
                                        .toList()));
            }
        }
        return new Plan(workloads, goals, 1);
    }

    private static boolean isNeeded(List<Goal> goals, Workload workload, Contender contender) {
        return contender.name().equals(MILLRACE)
                || goals.stream()
                        .filter(goal -> goal.workload().equals(workload.id()))
                        .anyMatch(goal ->
                                goal.contender().equals(contender.name())
                                        || goal.against()
                                                .filter(contender.name()::equals)
                                                .isPresent());
    }

    /** Configurations of Parallel Consumer: which one is the best. */
    public static Plan tuneParallel() {
        List<Contender> tried = new ArrayList<>();
        for (int threads : List.of(100, 200, 1_000)) {
            for (int linger : List.of(0, 1, 20)) {
                for (String commit : List.of("transactional", "async")) {
                    tried.add(
                            Contender.of(
                                    threads + " threads, linger " + linger + ", " + commit,
                                    ArmKind.PARALLEL,
                                    "threads",
                                    Integer.toString(threads),
                                    "linger.ms",
                                    Integer.toString(linger),
                                    "commit",
                                    commit));
                }
            }
        }
        List<Workload> workloads = new ArrayList<>();
        for (HandlerWork work : List.of(HandlerWork.NOOP, HandlerWork.waiting(10))) {
            workloads.add(
                    new Workload(
                            "tune-" + work.text().replace(":", ""),
                            "Parallel Consumer, handler: " + work.text(),
                            recipe(500_000, KEYS, work.waits() ? Keys.UNIFORM : Keys.ZIPF),
                            work,
                            new Workload.Kind.Drain(8),
                            tried));
        }
        return new Plan(workloads, List.of(), 1);
    }

    /** Only these workloads, by id or by group. */
    public Plan only(Set<String> chosen) {
        List<Workload> left =
                workloads.stream()
                        .filter(w -> chosen.contains(w.id()) || chosen.contains(w.group()))
                        .toList();
        Set<String> ids = left.stream().map(Workload::id).collect(Collectors.toSet());
        return new Plan(
                left, goals.stream().filter(g -> ids.contains(g.workload())).toList(), rounds);
    }

    /** Only these contenders, by name; goals that need others cannot be measured. */
    public Plan onlyArms(Set<String> chosen) {
        return new Plan(
                workloads.stream()
                        .map(w ->
                                w.with(
                                        w.contenders().stream()
                                                .filter(c -> chosen.contains(c.name()))
                                                .toList()))
                        .filter(w -> !w.contenders().isEmpty())
                        .toList(),
                goals,
                rounds);
    }

    /** The same with another number of rounds. */
    public Plan withRounds(int wanted) {
        return new Plan(workloads, goals, wanted);
    }

    /** The raw arm alone, on few events. */
    public Workload canary() {
        return new Workload(
                CANARY,
                "how fast the machine is at the moment",
                recipe(rounds > 1 ? 3_000_000 : 1_000_000, KEYS, Keys.ZIPF),
                HandlerWork.NOOP,
                new Workload.Kind.Drain(20),
                List.of(Arms.RAW));
    }

    /**
     * How long a run may take.
     *
     * @param events of cells without waiting
     */
    record Sizes(long events, int drainSeconds, int openSeconds) {
        boolean isQuick() {
            return drainSeconds < 10;
        }
    }

    private static Plan of(Sizes sizes, int rounds) {
        List<Workload> workloads = new ArrayList<>();
        List<Goal> goals = new ArrayList<>();
        ThroughputPlan.add(sizes, workloads, goals);
        LatencyPlan.add(sizes, workloads, goals);
        FaultPlan.add(sizes, workloads, goals);
        return new Plan(workloads, goals, rounds);
    }

    static Recipe recipe(long events, int keys, Keys spread) {
        return new Recipe(events, 100, keys, spread, PARTITIONS, SEED);
    }
}
