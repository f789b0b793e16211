package io.millrace.bench.run;

import io.millrace.bench.arm.ArmTask;
import io.millrace.bench.judge.Written;
import io.millrace.bench.load.EventBytes;
import io.millrace.bench.plan.Contender;
import io.millrace.bench.plan.Workload;
import io.millrace.bench.process.ChildJvm;
import io.millrace.engine.time.TimeSource;

import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Sends events on a schedule, whatever the arm does, and takes the time from the moment an event
 * was to be sent until a {@code read_committed} reader has its result. What the broker has written
 * meanwhile is counted, too.
 */
final class OpenLoopCell {
    private static final Duration NOTHING_MORE = Duration.ofSeconds(10);
    private static final Duration SETTLE = Duration.ofSeconds(4);
    private static final long MAX_NANOS = Duration.ofMinutes(10).toNanos();

    private final Bed bed;
    private final TimeSource time;

    OpenLoopCell(Bed bed, TimeSource time) {
        this.bed = bed;
        this.time = time;
    }

    CellResult run(Workload workload, Contender contender, int round, Workload.Kind.OpenLoop loop)
            throws IOException, InterruptedException {
        ArmTask task = bed.taskWithInput(workload, contender);
        long events = workload.recipe().events();
        ChildJvm jvm = bed.jvm(contender);
        var check = new Check(bed, time);
        bed.start(jvm, task);
        var latencies = new Latencies(workload, (long) loop.perSecond() * loop.warmUpSeconds());
        Map<String, Double> figures = new HashMap<>();
        long missing;
        try (var reader =
                new LiveReader(
                                bed.bootstrapServers(),
                                task.output(),
                                workload.recipe().partitions(),
                                time,
                                latencies)
                        .start()) {
            bed.settle(SETTLE);
            CpuTrack cpu = new CpuTrack();
            CpuTrack brokerCpu = new CpuTrack();
            Written before = bed.topics().written();
            cpu.sample(0, jvm.cpu());
            brokerCpu.sample(0, bed.broker().cpu());
            long start =
                    new Sender(bed.bootstrapServers(), time)
                            .send(task.input(), workload.recipe(), loop.perSecond());
            cpu.sample(1, jvm.cpu());
            brokerCpu.sample(1, bed.broker().cpu());
            double seconds = (time.nanos() - start) / 1e9;
            long inTime = reader.taken();
            boolean all = reader.await(events, NOTHING_MORE);
            figures.put("events/s", inTime / seconds);
            figures.put("arm µs/event", cpu.between(0, 1) / events);
            figures.put("broker µs/event", brokerCpu.between(0, 1) / events);
            missing = Math.max(0, events - reader.taken());
            figures.put("missing", (double) missing);
            if (all) {
                figures.putAll(
                        bed.topics()
                                .written()
                                .since(before)
                                .perEvent(task.input(), task.output(), reader.taken(), events));
            }
        }
        latencies.missed(missing, NOTHING_MORE.toNanos());
        figures.putAll(latencies.figures());
        jvm.call("stop");
        // What was committed while the arm stopped comes too late for a latency, not for a verdict.
        return check.finish(workload, contender, round, task, figures);
    }

    /** On the reader's thread until that has ended. */
    private static final class Latencies implements LiveReader.Sink {
        private final long warmUp;
        private final BitSet stragglers = new BitSet();
        private final boolean straggles;
        private final Histogram all = new Histogram(MAX_NANOS, 3);
        private final Histogram others = new Histogram(MAX_NANOS, 3);

        private Latencies(Workload workload, long warmUp) {
            this.warmUp = warmUp;
            this.straggles = workload.work().straggles();
            workload.recipe()
                    .forEach((ordinal, key, _, _, _) -> {
                        if (workload.work().isSlow(ordinal)) {
                            stragglers.set(key);
                        }
                    });
        }

        @Override
        public void take(ConsumerRecords<byte[], byte[]> records, long now) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                ByteBuffer value = ByteBuffer.wrap(record.value());
                if (EventBytes.ordinal(value) >= warmUp) {
                    long took = Math.clamp(now - EventBytes.dueNanos(value), 0, MAX_NANOS);
                    all.recordValue(took);
                    if (!stragglers.get(EventBytes.keyNumber(value))) {
                        others.recordValue(took);
                    }
                }
            }
        }

        /** What never came took at least so long: left out, it would make the rest look fast. */
        private void missed(long count, long atLeast) {
            if (count > 0) {
                all.recordValueWithCount(atLeast, count);
                others.recordValueWithCount(atLeast, count);
            }
        }

        private Map<String, Double> figures() {
            Map<String, Double> figures = new HashMap<>();
            figures.put("p50 ms", all.getValueAtPercentile(50) / 1e6);
            figures.put("p90 ms", all.getValueAtPercentile(90) / 1e6);
            figures.put("p99 ms", all.getValueAtPercentile(99) / 1e6);
            figures.put("p99.9 ms", all.getValueAtPercentile(99.9) / 1e6);
            figures.put("max ms", all.getMaxValue() / 1e6);
            figures.put("measured", (double) all.getTotalCount());
            if (straggles) {
                figures.put("others p50 ms", others.getValueAtPercentile(50) / 1e6);
                figures.put("others p99 ms", others.getValueAtPercentile(99) / 1e6);
            }
            return figures;
        }
    }
}
