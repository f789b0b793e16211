package io.millrace.bench.judge;

import io.millrace.bench.load.EventBytes;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** Reads a results topic to its end under {@code read_committed}. */
public final class OutputReader {
    private static final Duration POLL = Duration.ofMillis(200);

    /** Where an entry of Millrace's parking store says whether it has its event. */
    private static final int PARKED_FLAG = 25;

    private final String bootstrapServers;

    public OutputReader(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** Hands over everything committed so far; true when no transaction was open. */
    public boolean read(String topic, Ledger ledger, Pace pace) {
        return read(topic, ledger, pace, _ -> true);
    }

    /**
     * The same, where only some results count for the pace.
     *
     * @param counts whether those of the key with this number do
     */
    public boolean read(String topic, Ledger ledger, Pace pace, IntPredicate counts) {
        Map<TopicPartition, Long> written = ends(topic, "read_uncommitted");
        Map<TopicPartition, Long> committed;
        try (Consumer<byte[], byte[]> consumer = consumer("read_committed")) {
            consumer.assign(written.keySet());
            consumer.seekToBeginning(written.keySet());
            committed = consumer.endOffsets(written.keySet());
            while (isBehind(consumer, committed)) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    ByteBuffer value = ByteBuffer.wrap(record.value());
                    ledger.take(
                            EventBytes.ordinal(value),
                            EventBytes.keyNumber(value),
                            EventBytes.sequence(value));
                    if (counts.test(EventBytes.keyNumber(value))) {
                        pace.add(record.timestamp());
                    }
                }
            }
        }
        return committed.equals(written);
    }

    /**
     * Tells the ledger of events that are parked in a changelog: their offsets count as done, their
     * results are still to come.
     *
     * @param changelog by the offset of the event; need not exist
     */
    public void readParked(String changelog, Ledger ledger) {
        Map<Entry, Boolean> latest = new HashMap<>();
        try (Consumer<byte[], byte[]> consumer = consumer("read_committed")) {
            if (!consumer.listTopics().containsKey(changelog)) {
                return;
            }
            Map<TopicPartition, Long> ends = ends(changelog, "read_committed");
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
            while (isBehind(consumer, ends)) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    long offset = ByteBuffer.wrap(record.key()).getLong();
                    byte[] value = record.value();
                    boolean hasEvent = value != null && offset >= 0 && value[PARKED_FLAG] == 1;
                    latest.put(new Entry(record.partition(), offset), hasEvent);
                }
            }
        }
        latest.forEach((entry, hasEvent) -> {
            if (hasEvent) {
                ledger.parked(entry.partition(), entry.offset());
            }
        });
    }

    private record Entry(int partition, long offset) {}

    private static boolean isBehind(
            Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
    }

    private Map<TopicPartition, Long> ends(String topic, String isolation) {
        try (Consumer<byte[], byte[]> consumer = consumer(isolation)) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            return consumer.endOffsets(partitions);
        }
    }

    private Consumer<byte[], byte[]> consumer(String isolation) {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        isolation,
                        ConsumerConfig.CHECK_CRCS_CONFIG,
                        false,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        20_000,
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                        32 * 1024 * 1024,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        4 * 1024 * 1024),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
