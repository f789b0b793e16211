package io.millrace.bench.run;

import io.millrace.bench.arm.ArmTask;
import io.millrace.bench.judge.Advance;
import io.millrace.bench.judge.AuditFile;
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
 * Lets an arm work off a topic without writing results. How far it is, is what it has committed;
 * what is right, is what its handlers have seen.
 */
final class ConsumeCell {
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration NOTHING_COMES = Duration.ofSeconds(30);

    private final Bed bed;
    private final TimeSource time;

    ConsumeCell(Bed bed, TimeSource time) {
        this.bed = bed;
        this.time = time;
    }

    CellResult run(Workload workload, Contender contender, int round, String input, Duration atMost)
            throws IOException, InterruptedException {
        ArmTask task = bed.task(workload, contender, input);
        bed.topics().create(task.output(), workload.recipe().partitions());
        ChildJvm jvm = bed.jvm(contender);
        bed.start(jvm, task);
        var advance = new Advance();
        var cpu = new CpuTrack();
        var brokerCpu = new CpuTrack();
        long began = time.nanos();
        long first = -1;
        long count = 0;
        long from = 0;
        while (count < workload.recipe().events()
                && (first < 0
                        ? time.nanos() - began < NOTHING_COMES.toNanos()
                        : time.nanos() - first < atMost.toNanos())) {
            LockSupport.parkNanos(LOOK.toNanos());
            long wall = time.now().toEpochMilli();
            count = Topics.sum(bed.committed(task, workload));
            advance.add(wall, count);
            if (first < 0 && count > 0) {
                first = time.nanos();
                from = count;
                cpu.sample(0, jvm.cpu());
                brokerCpu.sample(0, bed.broker().cpu());
            }
        }
        cpu.sample(1, jvm.cpu());
        brokerCpu.sample(1, bed.broker().cpu());
        jvm.call("stop");
        AuditFile audit = AuditFile.read(task.auditFile());
        Map<String, Double> figures = new HashMap<>();
        figures.put("events/s", advance.perSecond());
        figures.put("events", (double) count);
        if (count > from) {
            figures.put("arm µs/event", cpu.between(0, 1) / (count - from));
            figures.put("broker µs/event", brokerCpu.between(0, 1) / (count - from));
        }
        var violations =
                audit.violations(
                        workload.recipe(), bed.committed(task, workload), contender.promise());
        bed.topics().deleteAll(task.group());
        return new CellResult(
                workload.id(),
                contender.name(),
                round,
                figures,
                violations,
                Map.of(
                        "handled", (long) audit.seen().cardinality(),
                        "repeated", audit.repeated(),
                        "outOfOrder", audit.outOfOrder()));
    }
}
