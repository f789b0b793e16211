package io.millrace.bench.run;

import io.millrace.bench.arm.ArmTask;
import io.millrace.bench.judge.AuditFile;
import io.millrace.bench.plan.Contender;
import io.millrace.bench.plan.Workload;
import io.millrace.bench.process.ChildJvm;
import io.millrace.engine.time.TimeSource;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Sends many events at once to an arm that is idle: when do all of their handlers run? */
final class BurstCell {
    private static final Duration SETTLE = Duration.ofSeconds(5);
    private static final Duration NOTHING_MORE = Duration.ofSeconds(20);

    private final Bed bed;
    private final TimeSource time;

    BurstCell(Bed bed, TimeSource time) {
        this.bed = bed;
        this.time = time;
    }

    CellResult run(Workload workload, Contender contender, int round)
            throws IOException, InterruptedException {
        ArmTask task = bed.taskWithInput(workload, contender);
        ChildJvm jvm = bed.jvm(contender);
        Check check = new Check(bed, time).complete();
        bed.start(jvm, task);
        bed.settle(SETTLE);
        long start;
        try (var reader =
                new LiveReader(
                                bed.bootstrapServers(),
                                task.output(),
                                workload.recipe().partitions(),
                                time,
                                (_, _) -> {})
                        .start()) {
            start =
                    new Sender(bed.bootstrapServers(), time)
                            .send(task.input(), workload.recipe(), Sender.AT_ONCE);
            boolean _ = reader.await(workload.recipe().events(), NOTHING_MORE);
        }
        jvm.call("stop");
        AuditFile audit = AuditFile.read(task.auditFile());
        Map<String, Double> figures = new HashMap<>();
        figures.put("at once", (double) audit.peak());
        if (audit.peak() >= workload.recipe().events()) {
            figures.put("all running ms", (audit.peakNanos() - start) / 1e6);
        }
        return check.finish(workload, contender, round, task, figures);
    }
}
