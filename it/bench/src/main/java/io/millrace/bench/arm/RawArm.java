package io.millrace.bench.arm;

import io.millrace.bench.function.HandlerWork;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The ceiling: one thread that polls, does the work and sends, in transactions of 100 ms. Where the
 * handler waits, each event of a poll has a virtual thread, and the poll waits for all of them.
 */
final class RawArm implements Arm {
    private static final long COMMIT_NANOS = 100_000_000;

    @Override
    public Running start(ArmTask task) {
        AtomicBoolean stopped = new AtomicBoolean();
        Thread loop =
                Thread.ofPlatform()
                        .name("raw")
                        .start(() -> {
                            if (task.isSilent()) {
                                silentLoop(task, stopped);
                            } else {
                                loop(task, stopped);
                            }
                        });
        return () -> {
            stopped.set(true);
            loop.join();
        };
    }

    private static void loop(ArmTask task, AtomicBoolean stopped) {
        HandlerWork work = task.handler();
        try (Consumer<byte[], byte[]> consumer = Clients.consumer(task);
                Producer<byte[], byte[]> producer = Clients.producer(task, true);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            producer.initTransactions();
            consumer.subscribe(List.of(task.input()));
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            long begun = 0;
            while (!stopped.get() || !offsets.isEmpty()) {
                ConsumerRecords<byte[], byte[]> records =
                        stopped.get()
                                ? ConsumerRecords.empty()
                                : consumer.poll(Duration.ofMillis(offsets.isEmpty() ? 100 : 5));
                if (!records.isEmpty() && offsets.isEmpty()) {
                    producer.beginTransaction();
                    begun = System.nanoTime();
                }
                handle(records, work, threads);
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    var _ =
                            producer.send(
                                    new ProducerRecord<>(
                                            task.output(), record.key(), record.value()));
                }
                for (TopicPartition partition : records.partitions()) {
                    offsets.put(partition, new OffsetAndMetadata(consumer.position(partition)));
                }
                if (!offsets.isEmpty()
                        && (stopped.get() || System.nanoTime() - begun >= COMMIT_NANOS)) {
                    producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
                    producer.commitTransaction();
                    offsets.clear();
                }
            }
        }
    }

    /** Polls, does the work, and commits every 100 ms. */
    private static void silentLoop(ArmTask task, AtomicBoolean stopped) {
        HandlerWork work = task.handler();
        try (Consumer<byte[], byte[]> consumer = Clients.consumer(task);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            consumer.subscribe(List.of(task.input()));
            long committed = System.nanoTime();
            while (!stopped.get()) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
                if (work.waits()) {
                    handle(records, work, threads);
                } else {
                    records.forEach(record -> work.run(record.value()));
                }
                if (System.nanoTime() - committed >= COMMIT_NANOS) {
                    consumer.commitAsync();
                    committed = System.nanoTime();
                }
            }
            consumer.commitSync();
        }
    }

    private static void handle(
            ConsumerRecords<byte[], byte[]> records, HandlerWork work, ExecutorService threads) {
        if (!work.waits()) {
            return;
        }
        Phaser running = new Phaser(1);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            running.register();
            threads.execute(() -> {
                try {
                    work.run(record.value());
                } finally {
                    running.arriveAndDeregister();
                }
            });
        }
        running.arriveAndAwaitAdvance();
    }
}
