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
            for (int round = 1; round <= plan.rounds(); round++) {
                for (Contender contender : workload.contenders()) {
                    CellResult result = cell(workload, contender, round, input);
                    results.add(result);
                    tell.accept(line(result));
                }
            }
            bed.endArms();
            bed.topics().deleteAll(input);
        }
        return results;
    }

    private CellResult cell(Workload workload, Contender contender, int round, String input)
            throws InterruptedException {
        try {
            return switch (workload.kind()) {
                case Workload.Kind.Drain(int seconds) ->
                        new DrainCell(bed, time)
                                .run(
                                        workload,
                                        contender,
                                        round,
                                        input,
                                        Duration.ofSeconds(seconds));
                case Workload.Kind.OpenLoop loop ->
                        new OpenLoopCell(bed, time).run(workload, contender, round, loop);
            };
        } catch (IOException | RuntimeException e) {
            bed.discard(contender);
            return CellResult.failed(workload.id(), contender.name(), round, e);
        }
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
