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
import java.util.function.Consumer;

/** Runs all cells of a plan, the contenders of a workload in turn, round by round. */
public final class Runner {
    private static final int WARM_UP = 12;

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

    /** All results, in the order in which they were found. */
    public List<CellResult> run(Plan plan) throws IOException, InterruptedException {
        List<CellResult> results = new ArrayList<>();
        for (Workload workload : plan.workloads()) {
            tell.accept(workload.id() + ": " + workload.title());
            String input = "input-" + workload.id();
            if (workload.kind() instanceof Workload.Kind.Drain) {
                bed.topics().create(input, workload.recipe().partitions());
                new Filler(bed.bootstrapServers()).fill(input, workload.recipe());
            }
            for (Contender contender : workload.contenders()) {
                warmUp(workload, contender, input);
            }
            for (int round = 1; round <= plan.rounds(); round++) {
                for (Contender contender : workload.contenders()) {
                    CellResult result = cell(workload, contender, round, input, seconds(workload));
                    results.add(result);
                    tell.accept(line(result));
                }
            }
            bed.topics().deleteAll(input);
        }
        return results;
    }

    /**
     * Compiles the arm's code; only where it is loaded, a latency cell has a warm-up of its own.
     */
    private void warmUp(Workload workload, Contender contender, String input)
            throws InterruptedException {
        if (workload.kind() instanceof Workload.Kind.Drain && bed.isFresh(contender)) {
            CellResult _ = cell(workload, contender, 0, input, WARM_UP);
        }
    }

    private CellResult cell(
            Workload workload, Contender contender, int round, String input, int drainSeconds)
            throws InterruptedException {
        try {
            return switch (workload.kind()) {
                case Workload.Kind.Drain _ ->
                        new DrainCell(bed, time)
                                .run(
                                        workload,
                                        contender,
                                        round,
                                        input,
                                        Duration.ofSeconds(drainSeconds));
                case Workload.Kind.OpenLoop loop ->
                        new OpenLoopCell(bed, time).run(workload, contender, round, loop);
            };
        } catch (IOException | RuntimeException e) {
            bed.discard(contender);
            return CellResult.failed(workload.id(), contender.name(), round, e);
        }
    }

    private static int seconds(Workload workload) {
        return switch (workload.kind()) {
            case Workload.Kind.Drain(int seconds) -> seconds;
            case Workload.Kind.OpenLoop loop -> loop.seconds();
        };
    }

    private static String line(CellResult result) {
        StringBuilder line =
                new StringBuilder(
                        String.format(
                                Locale.ROOT,
                                "  %-10s round %d",
                                result.contender(),
                                result.round()));
        result.figures()
                .forEach((name, value) ->
                        line.append(String.format(Locale.ROOT, "  %s %,.2f", name, value)));
        if (result.isVoid()) {
            line.append("  VOID: ").append(String.join(", ", result.violations()));
        }
        return line.toString();
    }
}
