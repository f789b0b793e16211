package io.millrace.bench.judge;

import io.millrace.schemas.AttemptOutcome;
import io.millrace.schemas.MeteringEntry;
import io.millrace.schemas.MeteringRecord;
import io.millrace.schemas.registry.AvroDeserializer;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Holds what was metered against the results: each result once, in one successful attempt. */
public final class MeteringAudit {
    private static final Duration POLL = Duration.ofMillis(200);

    private final String bootstrapServers;
    private final String registryUrl;

    public MeteringAudit(String bootstrapServers, String registryUrl) {
        this.bootstrapServers = bootstrapServers;
        this.registryUrl = registryUrl;
    }

    /** What is wrong; empty when the sums are equal. */
    public List<String> compare(String topic, long results) {
        return judge(read(topic), results);
    }

    /** The same of records that were read. */
    static List<String> judge(List<MeteringRecord> records, long results) {
        Map<Integer, BitSet> metered = new HashMap<>();
        long events = 0;
        long twice = 0;
        for (MeteringRecord record : records) {
            BitSet offsets = metered.computeIfAbsent(record.getPartition(), _ -> new BitSet());
            for (MeteringEntry entry : record.getEntries()) {
                if (entry.getOutcome() != AttemptOutcome.SUCCEEDED) {
                    continue;
                }
                events += entry.getEvents();
                int first = Math.toIntExact(entry.getFirstOffset());
                if (offsets.get(first)) {
                    twice++;
                }
                offsets.set(first);
            }
        }
        List<String> found = new ArrayList<>();
        if (events != results) {
            found.add(events + " events metered, but " + results + " results");
        }
        if (twice > 0) {
            found.add(twice + " metered twice");
        }
        return found;
    }

    private List<MeteringRecord> read(String topic) {
        List<MeteringRecord> records = new ArrayList<>();
        Map<String, Object> settings =
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed");
        try (var deserializer = new AvroDeserializer<MeteringRecord>();
                Consumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(
                                settings,
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer())) {
            deserializer.configure(
                    Map.of("schema.registry.url", registryUrl, "specific.avro.reader", true),
                    false);
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    records.add(deserializer.deserialize(topic, record.value()));
                }
            }
        }
        return records;
    }
}
