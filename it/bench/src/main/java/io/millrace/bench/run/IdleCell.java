package io.millrace.bench.run;

import io.millrace.bench.arm.ArmTask;
import io.millrace.bench.judge.Written;
import io.millrace.bench.plan.Contender;
import io.millrace.bench.plan.Workload;
import io.millrace.bench.process.ChildJvm;
import io.millrace.engine.time.TimeSource;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets an arm run with nothing to do: what it uses and writes all the same. Afterwards it gets some
 * events, or a dead arm would be the best one.
 */
final class IdleCell {
    private static final Duration CALM_DOWN = Duration.ofSeconds(12);
    private static final Duration NOTHING_MORE = Duration.ofSeconds(20);

    private final Bed bed;
    private final TimeSource time;

    IdleCell(Bed bed, TimeSource time) {
        this.bed = bed;
        this.time = time;
    }

    CellResult run(Workload workload, Contender contender, int round, Duration idle)
            throws IOException, InterruptedException {
        ArmTask task = bed.taskWithInput(workload, contender);
        ChildJvm jvm = bed.jvm(contender);
        Check check = new Check(bed, time).complete();
        bed.start(jvm, task);
        bed.settle(CALM_DOWN);
        Written before = bed.topics().written();
        var cpu = new CpuTrack();
        cpu.sample(0, jvm.cpu());
        long began = time.nanos();
        LockSupport.parkNanos(idle.toNanos());
        bed.settle(Duration.ofNanos(Math.max(0, idle.toNanos() - (time.nanos() - began))));
        cpu.sample(1, jvm.cpu());
        double seconds = (time.nanos() - began) / 1e9;
        Written written = bed.topics().written().since(before);
        Map<String, Double> figures = new HashMap<>();
        figures.put("core %", cpu.between(0, 1) / 1e6 / seconds * 100);
        figures.put("transactions", (double) written.transactions());
        figures.put("offset commits", (double) written.offsets());
        figures.put(
                "records/s",
                written.topics().values().stream().mapToLong(Written.Amount::records).sum()
                        / seconds);
        try (var reader =
                new LiveReader(
                                bed.bootstrapServers(),
                                task.output(),
                                workload.recipe().partitions(),
                                time,
                                (_, _) -> {})
                        .start()) {
            long _ =
                    new Sender(bed.bootstrapServers(), time)
                            .send(task.input(), workload.recipe(), Sender.AT_ONCE);
            if (!reader.await(workload.recipe().events(), NOTHING_MORE)) {
                check.violated("it was idle because it did not work");
            }
        }
        jvm.call("stop");
        return check.finish(workload, contender, round, task, figures);
    }
}
