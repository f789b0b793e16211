package io.millrace.bench.run;

import io.millrace.bench.arm.ArmTask;
import io.millrace.bench.judge.Ledger;
import io.millrace.bench.judge.OutputReader;
import io.millrace.bench.judge.Pace;
import io.millrace.bench.judge.Verdict;
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
 * Lets an arm work off a topic that was filled before, until it is done or time is up, then has the
 * broker's own times judged: the arm is not asked how fast it was.
 */
final class DrainCell {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration FIRST_RESULT = Duration.ofSeconds(60);
    private static final Duration NOTHING_MORE = Duration.ofSeconds(3);

    private final Bed bed;
    private final TimeSource time;
    private final CpuTrack armCpu = new CpuTrack();
    private final CpuTrack brokerCpu = new CpuTrack();

    DrainCell(Bed bed, TimeSource time) {
        this.bed = bed;
        this.time = time;
    }

    CellResult run(Workload workload, Contender contender, int round, String input, Duration atMost)
            throws IOException, InterruptedException {
        int partitions = workload.recipe().partitions();
        ArmTask task = bed.task(workload, contender, input);
        bed.topics().create(task.output(), partitions);
        ChildJvm jvm = bed.jvm(contender);
        Pace pace = new Pace(time.now().toEpochMilli());
        long began = time.nanos();
        bed.start(jvm, task);
        watch(jvm, task, workload, atMost);
        long stoppedAt = time.now().toEpochMilli();
        jvm.call("stop");
        long[] committed = bed.topics().committed(task.group(), input, partitions);
        Ledger ledger = new Ledger(workload.recipe().events(), workload.recipe().keys());
        boolean closed = new OutputReader(bed.bootstrapServers()).read(task.output(), ledger, pace);
        Verdict verdict = ledger.verdict(workload.recipe(), committed).withOpenTransaction(!closed);
        Pace.Window window = pace.window(stoppedAt);
        Map<String, Double> figures = figures(window);
        figures.put("cell s", (time.nanos() - began) / 1e9);
        bed.topics().deleteAll(task.group());
        return new CellResult(
                workload.id(),
                contender.name(),
                round,
                figures,
                verdict.violations(contender.arm().promise()),
                CellResult.numbers(verdict));
    }

    private Map<String, Double> figures(Pace.Window window) {
        Map<String, Double> figures = new HashMap<>();
        figures.put("events/s", window.perSecond());
        figures.put("events", (double) window.events());
        figures.put("window s", (window.to() - window.from()) / 1000.0);
        figures.put("stall ms", (double) window.stallMillis());
        if (window.events() > 0) {
            figures.put(
                    "arm µs/event", armCpu.between(window.from(), window.to()) / window.events());
            figures.put(
                    "broker µs/event",
                    brokerCpu.between(window.from(), window.to()) / window.events());
        }
        return figures;
    }

    /** Looks at the arm from outside until it has nothing more to do, or time is up. */
    private void watch(ChildJvm jvm, ArmTask task, Workload workload, Duration atMost)
            throws InterruptedException {
        int partitions = workload.recipe().partitions();
        long began = time.nanos();
        long first = -1;
        long moved = began;
        long lastSum = 0;
        while (true) {
            long now = time.nanos();
            long wall = time.now().toEpochMilli();
            armCpu.sample(wall, jvm.cpu());
            brokerCpu.sample(wall, bed.broker().cpu());
            long sum = Topics.sum(bed.topics().ends(task.output(), partitions));
            if (sum != lastSum) {
                lastSum = sum;
                moved = now;
            }
            if (first < 0 && sum > 0) {
                first = now;
            }
            boolean late = first < 0 && now - began > FIRST_RESULT.toNanos();
            boolean over = first >= 0 && now - first >= atMost.toNanos();
            boolean quiet = first >= 0 && now - moved >= NOTHING_MORE.toNanos();
            if (late || over || quiet || isDone(task, workload)) {
                return;
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private boolean isDone(ArmTask task, Workload workload) throws InterruptedException {
        return Topics.sum(
                        bed.topics()
                                .committed(
                                        task.group(), task.input(), workload.recipe().partitions()))
                >= workload.recipe().events();
    }
}
