package io.millrace.bench.run;

import io.millrace.bench.load.Filler;
import io.millrace.bench.plan.Contender;
import io.millrace.bench.plan.Plan;
import io.millrace.bench.plan.Workload;
import io.millrace.engine.time.TimeSource;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Runs all cells of a plan, the contenders of a workload in turn, round by round, and before each
 * round the canary.
 */
public final class Runner {
    private static final int LONGEST_WARM_UP = 12;

    private final Bed bed;
    private final TimeSource time;
    private final Consumer<String> tell;

    /**
     * Needs a broker that runs.
     *
     * @param tell gets one line for each cell
     */
    public Runner(Bed bed, TimeSource time, Consumer<String> tell) {
        this.bed = bed;
        this.time = time;
        this.tell = tell;
    }

    /** All results, in the order in which they were found; those of the canary are among them. */
    public List<CellResult> run(Plan plan) throws IOException, InterruptedException {
        List<CellResult> results = new ArrayList<>();
        Workload canary = plan.canary();
        fill(canary);
        warmUp(canary, canary.contenders().getFirst());
        var run = new Canary();
        if (plan.rounds() == 1) {
            boolean _ = isSteady(canary, run, 0, results);
        }
        for (Workload workload : plan.workloads()) {
            tell.accept(workload.id() + ": " + workload.title());
            if (workload.isFilled()) {
                fill(workload);
            }
            for (Contender contender : workload.contenders()) {
                warmUp(workload, contender);
            }
            var steadiness = new Canary();
            for (int round = 1; round <= plan.rounds(); round++) {
                results.addAll(
                        plan.rounds() == 1
                                ? round(workload, round)
                                : steadyRound(workload, round, canary, steadiness, results));
            }
            bed.topics().deleteAll(input(workload));
        }
        if (plan.rounds() == 1 && !isSteady(canary, run, 1, results)) {
            tell.accept("The machine was not as fast at the end as at the beginning.");
        }
        bed.topics().deleteAll(input(canary));
        return results;
    }

    /** A round for which the machine was as fast as for others; else once more, then marked. */
    private List<CellResult> steadyRound(
            Workload workload,
            int round,
            Workload canary,
            Canary steadiness,
            List<CellResult> results)
            throws InterruptedException {
        boolean steady = isSteady(canary, steadiness, round, results);
        List<CellResult> cells = round(workload, round);
        if (steady) {
            return cells;
        }
        tell.accept("  the machine's speed has changed: the round is repeated");
        steady = isSteady(canary, steadiness, round, results);
        cells = round(workload, round);
        return steady ? cells : cells.stream().map(CellResult::noisy).toList();
    }

    private boolean isSteady(
            Workload canary, Canary steadiness, int round, List<CellResult> results)
            throws InterruptedException {
        CellResult cell = cell(canary, canary.contenders().getFirst(), round, 20);
        results.add(cell);
        double perSecond = cell.figures().getOrDefault("events/s", 0.0);
        tell.accept(String.format(Locale.ROOT, "  canary: %,.0f events/s", perSecond));
        return steadiness.isSteady(perSecond);
    }

    private List<CellResult> round(Workload workload, int round) throws InterruptedException {
        List<CellResult> cells = new ArrayList<>();
        for (Contender contender : workload.contenders()) {
            CellResult result = cell(workload, contender, round, seconds(workload));
            cells.add(result);
            tell.accept(line(workload, result));
        }
        return cells;
    }

    private static String input(Workload workload) {
        return "input-" + workload.id();
    }

    private void fill(Workload workload) throws InterruptedException {
        bed.topics().create(input(workload), workload.recipe().partitions());
        new Filler(bed.bootstrapServers()).fill(input(workload), workload.recipe());
    }

    /**
     * Compiles the arm's code; only where it is loaded, a latency cell has a warm-up of its own.
     */
    private void warmUp(Workload workload, Contender contender) throws InterruptedException {
        boolean drains =
                workload.kind() instanceof Workload.Kind.Drain
                        || workload.kind() instanceof Workload.Kind.Consume;
        if (drains && bed.isFresh(contender)) {
            CellResult _ =
                    cell(workload, contender, 0, Math.min(LONGEST_WARM_UP, seconds(workload)));
        }
    }

    private CellResult cell(Workload workload, Contender contender, int round, int seconds)
            throws InterruptedException {
        try {
            String input = input(workload);
            Duration atMost = Duration.ofSeconds(seconds);
            return switch (workload.kind()) {
                case Workload.Kind.Drain _ ->
                        new DrainCell(bed, time).run(workload, contender, round, input, atMost);
                case Workload.Kind.Consume _ ->
                        new ConsumeCell(bed, time).run(workload, contender, round, input, atMost);
                case Workload.Kind.Poisoned poisoned ->
                        new DrainCell(bed, time)
                                .poisoned(workload, contender, round, input, poisoned);
                case Workload.Kind.OpenLoop loop ->
                        new OpenLoopCell(bed, time).run(workload, contender, round, loop);
                case Workload.Kind.Idle _ ->
                        new IdleCell(bed, time).run(workload, contender, round, atMost);
                case Workload.Kind.Burst _ ->
                        new BurstCell(bed, time).run(workload, contender, round);
                case Workload.Kind.Crash crash ->
                        new CrashCell(bed, time).run(workload, contender, round, crash);
                case Workload.Kind.Rebalance rebalance ->
                        new RebalanceCell(bed, time).run(workload, contender, round, rebalance);
            };
        } catch (IOException | RuntimeException e) {
            bed.discard(contender);
            return CellResult.failed(workload.id(), contender.name(), round, e);
        }
    }

    private static int seconds(Workload workload) {
        return switch (workload.kind()) {
            case Workload.Kind.Drain(int seconds) -> seconds;
            case Workload.Kind.Consume(int seconds) -> seconds;
            case Workload.Kind.Poisoned(int seconds) -> seconds;
            case Workload.Kind.Idle(int seconds) -> seconds;
            case Workload.Kind.OpenLoop loop -> loop.seconds();
            case Workload.Kind.Burst _, Workload.Kind.Crash _, Workload.Kind.Rebalance _ -> 0;
        };
    }

    private static String line(Workload workload, CellResult result) {
        StringBuilder line =
                new StringBuilder(
                        String.format(
                                Locale.ROOT,
                                "  %-10s round %d",
                                result.contender(),
                                result.round()));
        Map<String, Double> figures = new TreeMap<>(result.figures());
        for (String metric : workload.metrics()) {
            Double value = figures.remove(metric);
            if (value != null) {
                line.append(String.format(Locale.ROOT, "  %s %,.2f", metric, value));
            }
        }
        figures.forEach((name, value) ->
                line.append(String.format(Locale.ROOT, "  %s %,.2f", name, value)));
        if (result.isVoid()) {
            line.append("  VOID: ").append(String.join(", ", result.violations()));
        }
        return line.toString();
    }
}
