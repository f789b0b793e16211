package io.millrace.it.prove.chaos;

import io.millrace.engine.time.TimeSource;
import io.millrace.schemas.EventHeaders;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Reads committed outcomes while they come, on a thread of its own, and knows when work went on.
 * Threading: any thread.
 */
final class Spectator implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(20);

    private final Consumer<byte[], byte[]> consumer;
    private final TimeSource time;
    private final Thread thread;
    private final Map<String, String> seen = new HashMap<>();
    private final Map<String, Long> decided = new HashMap<>();
    private final Map<String, Beat> last = new HashMap<>();
    private final Map<String, Long> first = new HashMap<>();
    private Instant since = Instant.MAX;
    private volatile boolean closing;

    /** When an outcome was last seen. */
    private record Beat(long nanos) {}

    Spectator(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions, TimeSource time) {
        this.consumer = consumer;
        this.time = time;
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        this.thread = Thread.ofPlatform().daemon().name("spectator").start(this::run);
    }

    /** How many events of this source topic have an outcome. */
    long decidedOf(String topic) {
        synchronized (seen) {
            return decided.entrySet().stream()
                    .filter(entry -> topicOf(entry.getKey()).equals(topic))
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }
    }

    /** How many events of this source partition have an outcome. */
    long decided(String partition) {
        synchronized (seen) {
            return decided.getOrDefault(partition, 0L);
        }
    }

    /** From now on, looks for outcomes of attempts that ended after this moment. */
    void watch(Instant moment) {
        synchronized (seen) {
            since = moment;
            first.clear();
        }
    }

    /** When the first such outcome of this source partition was seen. */
    OptionalLong firstOf(String partition) {
        synchronized (seen) {
            Long nanos = first.get(partition);
            return nanos == null ? OptionalLong.empty() : OptionalLong.of(nanos);
        }
    }

    /** When an outcome of this source partition was last seen; the given moment when never. */
    long lastOf(String partition, long otherwise) {
        synchronized (seen) {
            Beat beat = last.get(partition);
            return beat == null ? otherwise : beat.nanos();
        }
    }

    /** Positions of outcomes with the events they are of. */
    Map<String, String> seen() {
        synchronized (seen) {
            return new HashMap<>(seen);
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join();
            consumer.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closing) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                add(record);
            }
        }
    }

    private void add(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(EventHeaders.SOURCE);
        String source =
                header == null ? "?-0-0" : new String(header.value(), StandardCharsets.UTF_8);
        String partition = source.substring(0, source.lastIndexOf('-'));
        synchronized (seen) {
            seen.put(record.topic() + "-" + record.partition() + "-" + record.offset(), source);
            decided.merge(partition, 1L, Long::sum);
            long now = time.nanos();
            last.put(partition, new Beat(now));
            if (Instant.ofEpochMilli(record.timestamp()).isAfter(since)) {
                first.putIfAbsent(partition, now);
            }
        }
    }

    private static String topicOf(String partition) {
        return partition.substring(0, partition.lastIndexOf('-'));
    }
}
