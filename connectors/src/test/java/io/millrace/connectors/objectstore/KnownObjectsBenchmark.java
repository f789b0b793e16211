package io.millrace.connectors.objectstore;

import io.millrace.connectors.contract.FakeWorker;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.source.SourceRecord;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What many known objects cost the task and the worker: memory, first listing, idle listing, start.
 * The store is made up, so that nothing but the source is measured.
 *
 * <p>Argument: number of objects.
 */
final class KnownObjectsBenchmark {
    private static final RecordMetadata DELIVERED =
            new RecordMetadata(new TopicPartition("objects", 0), 0, 0, 0, 0, 0);
    private static final Duration INTERVAL = Duration.ofMillis(10);

    private KnownObjectsBenchmark() {}

    public static void main(String[] args) throws InterruptedException {
        int objects = Integer.parseInt(args[0]);
        ManualClock clock = new ManualClock();
        FakeWorker worker = new FakeWorker();
        long before = usedHeap();
        ObjectStoreSourceTask task = started(clock, worker, objects);
        long began = System.nanoTime();
        long cpu = cpu();
        int told = listing(task, worker, clock, objects);
        report(String.format("first listing of %d objects, %d events", objects, told));
        report(
                String.format(
                        "  %.1f s, CPU %.1f s",
                        (System.nanoTime() - began) / 1e9, (cpu() - cpu) / 1e9));
        long used = usedHeap() - before;
        report(
                String.format(
                        "task: %.1f MB of heap (the worker's %.1f MB of offsets taken off)",
                        (used - worker.storedBytes()) / 1e6, worker.storedBytes() / 1e6));
        report(
                String.format(
                        "worker: %.1f MB of offsets in %d source partitions, each copy",
                        worker.storedBytes() / 1e6, worker.partitions()));
        for (int i = 0; i < 3; i++) {
            began = System.nanoTime();
            cpu = cpu();
            told = listing(task, worker, clock, objects);
            report(
                    String.format(
                            "idle listing: %.2f s, CPU %.2f s, %d events",
                            (System.nanoTime() - began) / 1e9, (cpu() - cpu) / 1e9, told));
        }
        began = System.nanoTime();
        task = started(clock, worker, objects);
        report(String.format("start of a task: %.1f s", (System.nanoTime() - began) / 1e9));
        report(
                String.format(
                        "after the restart: %d events", listing(task, worker, clock, objects)));
    }

    private static int listing(
            ObjectStoreSourceTask task, FakeWorker worker, ManualClock clock, int objects)
            throws InterruptedException {
        clock.advance(INTERVAL.multipliedBy(1000));
        int told = 0;
        for (int page = 0; page < (objects + 999) / 1000; page++) {
            List<SourceRecord> records = task.poll();
            if (records != null) {
                worker.deliver(records);
                records.forEach(record -> task.commitRecord(record, DELIVERED));
                told += records.size();
            }
        }
        return told;
    }

    private static ObjectStoreSourceTask started(
            ManualClock clock, FakeWorker worker, int objects) {
        ObjectStoreSourceTask task =
                new ObjectStoreSourceTask(
                        clock, config -> new MadeUpStore(objects), ChunkLimits.STANDARD);
        task.initialize(worker);
        task.start(Map.of("objectstore.bucket", "bench", "topic", "objects"));
        return task;
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static void report(String line) {
        System.out.println(line);
    }

    /** Objects that are made when they are listed: pictures by day, with a random part. */
    private record MadeUpStore(int objects) implements ObjectLister {
        @Override
        public ListedPage list(Optional<String> place) {
            int from = place.map(Integer::parseInt).orElse(0);
            int to = Math.min(objects, from + 1000);
            List<StoredObject> page = new ArrayList<>();
            for (int i = from; i < to; i++) {
                String key =
                        String.format(
                                "photos/2026/%02d/%02d/%06d-%08x.jpg",
                                1 + i / 100_000, 1 + i / 4_000 % 25, i, i * 0x9E3779B9);
                page.add(
                        new StoredObject(
                                key,
                                Integer.toHexString(i * 31),
                                i,
                                Instant.ofEpochSecond(1_700_000_000L + i)));
            }
            return new ListedPage(
                    page,
                    to < objects ? Optional.of(Integer.toString(to)) : Optional.empty(),
                    Optional.empty());
        }

        @Override
        public boolean exists(String key) {
            return true;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
