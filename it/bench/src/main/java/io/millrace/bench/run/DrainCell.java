package io.millrace.bench.run;

import io.millrace.bench.arm.ArmTask;
import io.millrace.bench.judge.Advance;
import io.millrace.bench.judge.MeteringAudit;
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
    private final Advance marks = new Advance();

    DrainCell(Bed bed, TimeSource time) {
        this.bed = bed;
        this.time = time;
    }

    CellResult run(Workload workload, Contender contender, int round, String input, Duration atMost)
            throws IOException, InterruptedException {
        ArmTask task = bed.task(workload, contender, input);
        bed.topics().create(task.output(), workload.recipe().partitions());
        ChildJvm jvm = bed.jvm(contender);
        Check check = new Check(bed, time);
        long began = time.nanos();
        bed.start(jvm, task);
        watch(jvm, task, workload, atMost, Duration.ZERO);
        long stoppedAt = time.now().toEpochMilli();
        jvm.call("stop");
        Verdict verdict = check.judge(workload, task);
        if (contender.settings().containsKey("audit-metering")) {
            new MeteringAudit(bed.bootstrapServers(), bed.registryUrl())
                    .compare(task.group() + ".metering", verdict.results())
                    .forEach(check::violated);
        }
        Map<String, Double> figures = figures(check.pace().window(stoppedAt));
        figures.put("cell s", (time.nanos() - began) / 1e9);
        return check.finish(workload, contender, round, verdict, task, figures);
    }

    /** Some keys fail at first: their neighbours must not notice, and in the end all is there. */
    CellResult poisoned(
            Workload workload,
            Contender contender,
            int round,
            String input,
            Workload.Kind.Poisoned kind)
            throws IOException, InterruptedException {
        ArmTask task = bed.task(workload, contender, input);
        bed.topics().create(task.output(), workload.recipe().partitions());
        ChildJvm jvm = bed.jvm(contender);
        Check check =
                new Check(bed, time).paceOf(key -> !workload.work().isPoisoned(key)).complete();
        bed.start(jvm, task);
        boolean fails = task.work().contains("poison");
        watch(
                jvm,
                task,
                workload,
                Duration.ofSeconds(kind.seconds()),
                fails ? Duration.ofMillis(workload.work().failMillis() + 3_000) : Duration.ZERO);
        long stoppedAt = time.now().toEpochMilli();
        jvm.call("stop");
        Verdict verdict = check.judge(workload, task);
        Map<String, Double> figures = new HashMap<>();
        Pace.Window window = check.pace().window(stoppedAt);
        figures.put("healthy events/s", window.perSecond());
        figures.put("stall ms", (double) window.stallMillis());
        figures.put("mark stall ms", (double) marks.stallMillis());
        figures.put("violations", (double) (verdict.outOfOrder() + verdict.gaps()));
        return check.finish(workload, contender, round, verdict, task, figures);
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

    /**
     * Looks at the arm from outside until it has nothing more to do, or time is up.
     *
     * @param atLeast how long to watch, whatever has been committed
     */
    private void watch(
            ChildJvm jvm, ArmTask task, Workload workload, Duration atMost, Duration atLeast)
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
            long committed = Topics.sum(bed.committed(task, workload));
            marks.add(wall, committed);
            if (sum != lastSum) {
                lastSum = sum;
                moved = now;
            }
            if (first < 0 && sum > 0) {
                first = now;
            }
            boolean early = first < 0 || now - first < atLeast.toNanos();
            boolean late = first < 0 && now - began > FIRST_RESULT.toNanos();
            boolean over = first >= 0 && now - first >= atMost.toNanos();
            boolean quiet = !early && now - moved >= NOTHING_MORE.toNanos();
            boolean done = atLeast.isZero() && committed >= workload.recipe().events();
            if (late || over || quiet || done) {
                return;
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }
}
