package io.millrace.bench.run;

import io.millrace.engine.time.TimeSource;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Reads committed results while they come, on a thread of its own. It takes times only: what is
 * right or wrong is judged afterwards, from the topic, so that a reader that falls behind cannot
 * make a cell void.
 */
final class LiveReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final String bootstrapServers;
    private final List<TopicPartition> partitions;
    private final TimeSource time;
    private final Sink sink;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile long taken;

    /** Gets what was read; on the reader's thread. */
    interface Sink {
        void take(ConsumerRecords<byte[], byte[]> records, long now);
    }

    /** Starts at the beginning of the topic, which exists. */
    LiveReader(String bootstrapServers, String topic, int partitions, TimeSource time, Sink sink) {
        this.bootstrapServers = bootstrapServers;
        this.partitions =
                IntStream.range(0, partitions)
                        .mapToObj(partition -> new TopicPartition(topic, partition))
                        .toList();
        this.time = time;
        this.sink = sink;
        this.thread = Thread.ofPlatform().name("live-reader").unstarted(this::read);
    }

    LiveReader start() {
        thread.start();
        return this;
    }

    private void read() {
        Map<String, Object> settings =
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        10_000);
        try (Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long count = 0;
            while (!stopped) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                if (!records.isEmpty()) {
                    sink.take(records, time.nanos());
                    count += records.count();
                    taken = count;
                }
            }
        }
    }

    /** Results so far. */
    long taken() {
        return taken;
    }

    /** Waits for so many results, as long as more come; whether there were so many. */
    boolean await(long results, Duration nothingMore) {
        long last = taken;
        long moved = time.nanos();
        while (taken < results && time.nanos() - moved < nothingMore.toNanos()) {
            LockSupport.parkNanos(LOOK.toNanos());
            if (taken != last) {
                last = taken;
                moved = time.nanos();
            }
        }
        return taken >= results;
    }

    /** Ends it; afterwards the sink gets nothing more. */
    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
