package io.millrace.bench.run;

import io.millrace.bench.arm.ArmTask;
import io.millrace.bench.judge.Arrivals;
import io.millrace.bench.load.Filler;
import io.millrace.bench.plan.Contender;
import io.millrace.bench.plan.Workload;
import io.millrace.bench.process.ChildJvm;
import io.millrace.engine.time.TimeSource;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills an arm with -9 again and again while handlers run, and starts it anew at once. What counts
 * is the time from the kill to the first committed result that was written after it, the start of
 * the JVM included, and that in the end every event has its result once.
 */
final class CrashCell {
    private static final Duration NOTHING_MORE = Duration.ofSeconds(40);
    private static final Duration RESUME = Duration.ofSeconds(90);
    private static final Duration LOOK = Duration.ofMillis(10);

    /** What was on its way to the broker when the process died. */
    private static final long ON_ITS_WAY_MILLIS = 50;

    private final Bed bed;
    private final TimeSource time;

    CrashCell(Bed bed, TimeSource time) {
        this.bed = bed;
        this.time = time;
    }

    CellResult run(Workload workload, Contender contender, int round, Workload.Kind.Crash kind)
            throws IOException, InterruptedException {
        ArmTask task = bed.taskWithInput(workload, contender);
        Check check = new Check(bed, time).complete();
        long events = workload.recipe().events();
        var sender = new Sender(bed.bootstrapServers(), time);
        Thread sending = null;
        if (kind.perSecond() == 0) {
            new Filler(bed.bootstrapServers()).fill(task.input(), workload.recipe());
        } else {
            sending =
                    Thread.ofPlatform()
                            .name("sender")
                            .start(() -> {
                                long _ =
                                        sender.send(
                                                task.input(), workload.recipe(), kind.perSecond());
                            });
        }
        var arrivals = new Arrivals(workload.recipe().partitions());
        List<Double> resumes = new ArrayList<>();
        ChildJvm jvm = bed.start(contender, task);
        try (var reader = ArrivalsReader.start(bed, task, workload, time, arrivals)) {
            require(reader, arrivals, 0, "no first result");
            for (int kill = 0; kill < kind.kills(); kill++) {
                bed.settle(Duration.ofMillis(kind.everyMillis()));
                long sent = kind.perSecond() == 0 ? events : sender.sent();
                if (sent <= reader.taken()) {
                    check.violated("kill " + (kill + 1) + " hit nothing in flight");
                }
                long at = time.nanos();
                long wall = time.now().toEpochMilli();
                jvm.kill();
                jvm = bed.start(contender, task);
                long first =
                        require(
                                reader,
                                arrivals,
                                wall + ON_ITS_WAY_MILLIS,
                                "nothing came after kill " + (kill + 1));
                resumes.add((first - at) / 1e6);
            }
            if (sending != null) {
                sending.join();
            }
            boolean _ = reader.await(events, NOTHING_MORE);
            jvm.call("stop");
        } finally {
            sender.stop();
            jvm.close();
        }
        Map<String, Double> figures = figures(resumes);
        var verdict = check.judge(workload, task);
        figures.put("lost", (double) verdict.lost());
        figures.put("duplicates", (double) verdict.duplicates());
        return check.finish(workload, contender, round, verdict, task, figures);
    }

    private static Map<String, Double> figures(List<Double> resumes) {
        Collections.sort(resumes);
        double middle =
                (resumes.get((resumes.size() - 1) / 2) + resumes.get(resumes.size() / 2)) / 2;
        Map<String, Double> figures = new HashMap<>();
        figures.put("kills", (double) resumes.size());
        figures.put("resume ms", middle);
        figures.put("longest resume ms", resumes.getLast());
        return figures;
    }

    private long require(LiveReader reader, Arrivals arrivals, long after, String otherwise) {
        long until = time.nanos() + RESUME.toNanos();
        long first = arrivals.firstWrittenAfter(after);
        while (first < 0) {
            if (time.nanos() > until) {
                throw new IllegalStateException(
                        otherwise + " within " + RESUME + "; there are " + reader.taken());
            }
            LockSupport.parkNanos(LOOK.toNanos());
            first = arrivals.firstWrittenAfter(after);
        }
        return first;
    }
}
