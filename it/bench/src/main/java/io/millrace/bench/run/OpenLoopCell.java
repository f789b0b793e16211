package io.millrace.bench.run;

import io.millrace.bench.arm.ArmTask;
import io.millrace.bench.judge.Ledger;
import io.millrace.bench.judge.OutputReader;
import io.millrace.bench.judge.Pace;
import io.millrace.bench.judge.Verdict;
import io.millrace.bench.load.EventBytes;
import io.millrace.bench.plan.Contender;
import io.millrace.bench.plan.Workload;
import io.millrace.bench.process.ChildJvm;
import io.millrace.engine.time.TimeSource;

import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Sends events on a schedule, whatever the arm does, and takes the time from the moment an event
 * was to be sent until a {@code read_committed} reader has its result.
 */
final class OpenLoopCell {
    private static final Duration LAST_RESULTS = Duration.ofSeconds(10);
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
        int partitions = workload.recipe().partitions();
        ArmTask named = bed.task(workload, contender, "");
        ArmTask task =
                new ArmTask(
                        named.arm(),
                        named.bootstrapServers(),
                        named.registryUrl(),
                        named.group() + "-in",
                        named.output(),
                        named.group(),
                        named.work(),
                        named.folder(),
                        named.settings());
        bed.topics().create(task.input(), partitions);
        bed.topics().create(task.output(), partitions);
        long began = time.now().toEpochMilli();
        ChildJvm jvm = bed.jvm(contender);
        bed.start(jvm, task);
        long warmUp = (long) loop.perSecond() * loop.warmUpSeconds();
        var reader = new Reader(task, workload, warmUp);
        Thread reading = Thread.ofPlatform().name("latency-reader").start(reader::run);
        settle();
        CpuTrack cpu = new CpuTrack();
        cpu.sample(0, jvm.cpu());
        send(task, workload, loop);
        cpu.sample(1, jvm.cpu());
        reader.awaitAll(workload.recipe().events(), LAST_RESULTS);
        reader.stop();
        reading.join();
        jvm.call("stop");
        long[] committed = bed.topics().committed(task.group(), task.input(), partitions);
        // What was committed while the arm stopped comes too late for a latency, not for a verdict.
        Ledger ledger = new Ledger(workload.recipe().events(), workload.recipe().keys());
        boolean closed =
                new OutputReader(bed.bootstrapServers())
                        .read(task.output(), ledger, new Pace(began));
        Verdict verdict = ledger.verdict(workload.recipe(), committed).withOpenTransaction(!closed);
        Map<String, Double> figures = reader.figures();
        figures.put("arm µs/event", cpu.between(0, 1) / workload.recipe().events());
        figures.put("missing", (double) (workload.recipe().events() - reader.taken));
        bed.topics().deleteAll(task.group());
        return new CellResult(
                workload.id(),
                contender.name(),
                round,
                figures,
                verdict.violations(contender.arm().promise()),
                CellResult.numbers(verdict));
    }

    private void send(ArmTask task, Workload workload, Workload.Kind.OpenLoop loop) {
        Map<String, Object> settings =
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bed.bootstrapServers(),
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        0);
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            int _ = producer.partitionsFor(task.input()).size();
            long start = time.nanos();
            double interval = 1e9 / loop.perSecond();
            workload.recipe()
                    .forEach((ordinal, key, sequence, partition, _) -> {
                        long due = start + (long) (ordinal * interval);
                        long left = due - time.nanos();
                        while (left > 0) {
                            LockSupport.parkNanos(left);
                            left = due - time.nanos();
                        }
                        byte[] value =
                                EventBytes.value(
                                        workload.recipe().bytes(), ordinal, key, sequence, due);
                        var _ =
                                producer.send(
                                        new ProducerRecord<>(
                                                task.input(),
                                                partition,
                                                EventBytes.key(key),
                                                value));
                    });
        }
    }

    /** Gives the arm time to own its partitions: it starts beforehand, not under load. */
    private void settle() {
        long until = time.nanos() + SETTLE.toNanos();
        while (time.nanos() < until) {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    private final class Reader {
        private final ArmTask task;
        private final Workload workload;
        private final long warmUp;
        private final Histogram latencies = new Histogram(MAX_NANOS, 3);
        private final AtomicBoolean stopped = new AtomicBoolean();
        private volatile long taken;

        private Reader(ArmTask task, Workload workload, long warmUp) {
            this.task = task;
            this.workload = workload;
            this.warmUp = warmUp;
        }

        private void run() {
            Map<String, Object> settings =
                    Map.of(
                            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                            task.bootstrapServers(),
                            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                            "read_committed",
                            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                            10_000);
            List<TopicPartition> partitions =
                    IntStream.range(0, workload.recipe().partitions())
                            .mapToObj(p -> new TopicPartition(task.output(), p))
                            .toList();
            try (Consumer<byte[], byte[]> consumer =
                    new KafkaConsumer<>(
                            settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                consumer.assign(partitions);
                consumer.seekToBeginning(partitions);
                while (!stopped.get()) {
                    take(consumer.poll(Duration.ofMillis(100)));
                }
            }
        }

        private void take(ConsumerRecords<byte[], byte[]> records) {
            long now = time.nanos();
            long count = taken;
            for (ConsumerRecord<byte[], byte[]> record : records) {
                ByteBuffer value = ByteBuffer.wrap(record.value());
                long ordinal = EventBytes.ordinal(value);
                if (ordinal >= warmUp) {
                    latencies.recordValue(
                            Math.min(MAX_NANOS, Math.max(0, now - EventBytes.dueNanos(value))));
                }
                count++;
            }
            taken = count;
        }

        private void awaitAll(long events, Duration limit) {
            long until = time.nanos() + limit.toNanos();
            while (taken < events && time.nanos() < until) {
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }

        private void stop() {
            stopped.set(true);
        }

        private Map<String, Double> figures() {
            Map<String, Double> figures = new HashMap<>();
            figures.put("p50 ms", latencies.getValueAtPercentile(50) / 1e6);
            figures.put("p90 ms", latencies.getValueAtPercentile(90) / 1e6);
            figures.put("p99 ms", latencies.getValueAtPercentile(99) / 1e6);
            figures.put("p99.9 ms", latencies.getValueAtPercentile(99.9) / 1e6);
            figures.put("max ms", latencies.getMaxValue() / 1e6);
            figures.put("measured", (double) latencies.getTotalCount());
            return figures;
        }
    }
}
