package io.millrace.it.prove.chaos;

import io.millrace.it.prove.chaos.ChaosHistory.Attempt;
import io.millrace.it.prove.chaos.ChaosHistory.Content;
import io.millrace.it.prove.chaos.ChaosHistory.End;
import io.millrace.it.prove.chaos.ChaosHistory.Outcome;
import io.millrace.it.prove.chaos.ChaosHistory.SourceRecord;
import io.millrace.schemas.EventHeaders;
import io.millrace.schemas.MeteringEntry;
import io.millrace.schemas.MeteringRecord;
import io.millrace.schemas.registry.AvroDeserializer;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Reads what lies in the topics when everything is at rest. Threading: one thread. */
final class ChaosReader {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int SHOWN = 200;

    /** Where an entry of a parking store says whether it has its event. */
    private static final int PARKED_FLAG = 25;

    private final ChaosCluster chaos;

    ChaosReader(ChaosCluster chaos) {
        this.chaos = chaos;
    }

    List<SourceRecord> source() {
        List<SourceRecord> records = new ArrayList<>();
        for (String topic : List.of(ChaosCluster.EVENTS, ChaosCluster.LONG_EVENTS)) {
            read(
                    topic,
                    record ->
                            records.add(
                                    new SourceRecord(
                                            position(record),
                                            header(record, Workload.ID),
                                            content(record))));
        }
        return records;
    }

    List<Outcome> outcomes() {
        List<Outcome> outcomes = new ArrayList<>();
        for (String topic : List.of(ChaosCluster.RESULTS, ChaosCluster.DEAD_LETTERS)) {
            read(topic, record -> outcomes.add(outcome(record)));
        }
        return outcomes;
    }

    List<Attempt> attempts() {
        var deserializer = new AvroDeserializer<MeteringRecord>();
        deserializer.configure(
                Map.of("schema.registry.url", chaos.registryUrl(), "specific.avro.reader", true),
                false);
        List<Attempt> attempts = new ArrayList<>();
        read(
                ChaosCluster.METERING,
                record -> {
                    MeteringRecord packed =
                            Objects.requireNonNull(
                                    deserializer.deserialize(record.topic(), record.value()));
                    String partition = packed.getTopic() + "-" + packed.getPartition() + "-";
                    for (MeteringEntry entry : packed.getEntries()) {
                        attempts.add(
                                new Attempt(
                                        partition + entry.getFirstOffset(),
                                        entry.getRequestId(),
                                        entry.getAttempt(),
                                        entry.getOutcome().name(),
                                        new Attempt.Duration(
                                                entry.getDurationNanos(),
                                                entry.getBilledMillis())));
                    }
                });
        return attempts;
    }

    /**
     * Entries of the parking stores.
     *
     * @param live how many are there now
     * @param once events that were parked at some time; notes of events that stay in their topic do
     *     not count
     */
    record Parking(int live, Set<String> once) {}

    Parking parking() {
        Set<String> live = new HashSet<>();
        Set<String> once = new HashSet<>();
        Map<String, String> sources =
                Map.of(
                        ChaosCluster.TRIGGER,
                        ChaosCluster.EVENTS,
                        ChaosCluster.LONG_TRIGGER,
                        ChaosCluster.LONG_EVENTS);
        sources.forEach((trigger, source) ->
                read(
                        ChaosCluster.group(trigger) + "-parked-changelog",
                        record -> {
                            long offset = ByteBuffer.wrap(record.key()).getLong();
                            if (offset < 0) {
                                // Counts the others.
                                return;
                            }
                            String event = source + "-" + record.partition() + "-" + offset;
                            if (record.value() == null) {
                                live.remove(event);
                                return;
                            }
                            live.add(event);
                            if (record.value()[PARKED_FLAG] == 1) {
                                once.add(event);
                            }
                        }));
        return new Parking(live.size(), once);
    }

    List<End> ends() throws InterruptedException, java.util.concurrent.ExecutionException {
        Admin admin = chaos.admin();
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        for (String trigger : List.of(ChaosCluster.TRIGGER, ChaosCluster.LONG_TRIGGER)) {
            committed.putAll(
                    admin.listConsumerGroupOffsets(ChaosCluster.group(trigger))
                            .partitionsToOffsetAndMetadata()
                            .get());
        }
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic :
                List.of(
                        ChaosCluster.EVENTS,
                        ChaosCluster.LONG_EVENTS,
                        ChaosCluster.RESULTS,
                        ChaosCluster.DEAD_LETTERS,
                        ChaosCluster.METERING)) {
            partitions.addAll(ChaosCluster.partitions(topic));
        }
        Map<TopicPartition, Long> ends = offsets(partitions, IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, Long> stable = offsets(partitions, IsolationLevel.READ_COMMITTED);
        List<End> found = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata mark = committed.get(partition);
            boolean isSource =
                    partition.topic().equals(ChaosCluster.EVENTS)
                            || partition.topic().equals(ChaosCluster.LONG_EVENTS);
            found.add(
                    new End(
                            partition.toString(),
                            ends.getOrDefault(partition, -1L),
                            stable.getOrDefault(partition, -1L),
                            mark != null ? mark.offset() : isSource ? 0 : -1,
                            mark != null ? mark.metadata() : ""));
        }
        return found;
    }

    private Map<TopicPartition, Long> offsets(
            List<TopicPartition> partitions, IsolationLevel isolation)
            throws InterruptedException, java.util.concurrent.ExecutionException {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitions.forEach(partition -> wanted.put(partition, OffsetSpec.latest()));
        Map<TopicPartition, Long> found = new HashMap<>();
        chaos.admin()
                .listOffsets(wanted, new ListOffsetsOptions(isolation))
                .all()
                .get()
                .forEach((partition, info) -> found.put(partition, info.offset()));
        return found;
    }

    private void read(
            String topic, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        try (Consumer<byte[], byte[]> consumer = chaos.cluster().consumer("chaos-reader")) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                consumer.poll(POLL).forEach(sink);
            }
        }
    }

    private static Outcome outcome(ConsumerRecord<byte[], byte[]> record) {
        boolean isResult = record.topic().equals(ChaosCluster.RESULTS);
        String attempt = header(record, EventHeaders.ATTEMPT);
        byte[] value = record.value() == null ? new byte[0] : record.value();
        return new Outcome(
                position(record),
                header(record, EventHeaders.SOURCE),
                attempt.isEmpty() ? (isResult ? 1 : -1) : Integer.parseInt(attempt),
                isResult ? "" : header(record, EventHeaders.CONDITION),
                isResult && value.length < SHOWN ? new String(value, StandardCharsets.UTF_8) : "",
                content(record));
    }

    private static Content content(ConsumerRecord<byte[], byte[]> record) {
        return new Content(
                record.key() == null ? "null" : new String(record.key(), StandardCharsets.UTF_8),
                digest(record.value()),
                Arrays.stream(record.headers().toArray())
                        .map(header -> header.key() + "=" + digest(header.value()))
                        .toList());
    }

    private static String digest(byte @org.jspecify.annotations.Nullable [] bytes) {
        if (bytes == null) {
            return "null";
        }
        try {
            return bytes.length
                    + ":"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String position(ConsumerRecord<byte[], byte[]> record) {
        return record.topic() + "-" + record.partition() + "-" + record.offset();
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null
                ? ""
                : new String(header.value(), StandardCharsets.UTF_8);
    }
}
