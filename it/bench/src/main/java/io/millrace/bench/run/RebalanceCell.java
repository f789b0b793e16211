package io.millrace.bench.run;

import io.millrace.bench.arm.ArmTask;
import io.millrace.bench.judge.Arrivals;
import io.millrace.bench.plan.Contender;
import io.millrace.bench.plan.Workload;
import io.millrace.bench.process.ChildJvm;
import io.millrace.engine.time.TimeSource;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Lets a second member join while handlers run, and leave again. What counts is how long results
 * stand still, all of them and those of the partition that fares worst.
 */
final class RebalanceCell {
    private static final Duration NOTHING_MORE = Duration.ofSeconds(40);

    private final Bed bed;
    private final TimeSource time;

    RebalanceCell(Bed bed, TimeSource time) {
        this.bed = bed;
        this.time = time;
    }

    CellResult run(Workload workload, Contender contender, int round, Workload.Kind.Rebalance kind)
            throws IOException, InterruptedException {
        ArmTask task = bed.taskWithInput(workload, contender);
        Check check = new Check(bed, time).complete();
        var sender = new Sender(bed.bootstrapServers(), time);
        var arrivals = new Arrivals(workload.recipe().partitions());
        Map<String, Double> figures = new HashMap<>();
        Duration phase = Duration.ofSeconds(kind.phaseSeconds());
        try (ChildJvm first = bed.start(contender, task);
                var reader = ArrivalsReader.start(bed, task, workload, time, arrivals)) {
            bed.settle(Duration.ofSeconds(5));
            Thread sending =
                    Thread.ofPlatform()
                            .name("sender")
                            .start(() -> {
                                long _ =
                                        sender.send(
                                                task.input(), workload.recipe(), kind.perSecond());
                            });
            bed.settle(phase);
            long steady = time.nanos();
            bed.settle(phase);
            long joins = time.nanos();
            try (ChildJvm second =
                    bed.start(contender, task.member("second", bed.folder(task, "second")))) {
                bed.settle(phase.multipliedBy(2));
                second.call("stop");
            }
            long left = time.nanos();
            bed.settle(phase);
            long over = time.nanos();
            figures.put("steady gap ms", arrivals.longestGap(steady, joins) / 1e6);
            figures.put("pause ms", arrivals.longestGap(joins, over) / 1e6);
            figures.put("join pause ms", arrivals.longestGap(joins, left) / 1e6);
            figures.put("partition pause ms", arrivals.longestGapOfAPartition(joins, over) / 1e6);
            sending.join();
            boolean _ = reader.await(workload.recipe().events(), NOTHING_MORE);
            first.call("stop");
        } finally {
            sender.stop();
        }
        var verdict = check.judge(workload, task);
        figures.put("lost", (double) verdict.lost());
        figures.put("duplicates", (double) verdict.duplicates());
        return check.finish(workload, contender, round, verdict, task, figures);
    }
}
