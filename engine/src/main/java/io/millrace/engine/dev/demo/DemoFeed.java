package io.millrace.engine.dev.demo;

import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.cluster.TopicPartitions;
import io.millrace.engine.inspect.MeteredAttempt;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.Payload;
import io.millrace.engine.time.TimeSource;
import io.millrace.schemas.EventHeaders;
import io.millrace.schemas.MeteringRecord;
import io.millrace.schemas.registry.AvroDeserializer;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads the committed records of all topics of the demonstration, from their beginning, as facts.
 * Threading: one thread.
 */
final class DemoFeed implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CATCH_UP_LIMIT = Duration.ofSeconds(30);

    private final DemoPlan plan;
    private final Consumer<byte[], byte[]> consumer;
    private final AvroDeserializer<MeteringRecord> metering;
    private final TimeSource time;

    private DemoFeed(
            DemoPlan plan,
            Consumer<byte[], byte[]> consumer,
            SchemaRegistryClient schemas,
            TimeSource time) {
        this.plan = plan;
        this.consumer = consumer;
        this.metering = new AvroDeserializer<>(schemas, MeteringRecord.class);
        this.time = time;
    }

    static DemoFeed open(
            DemoPlan plan, Cluster cluster, SchemaRegistryClient schemas, TimeSource time) {
        var consumer = cluster.consumer("millrace-demo");
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : plan.topics()) {
            partitions.addAll(
                    TopicPartitions.of(consumer, topic)
                            .orElseThrow(() ->
                                    new MillraceException(
                                            ErrorCode.NOT_FOUND,
                                            "topic '" + topic + "' does not exist")));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return new DemoFeed(plan, consumer, schemas, time);
    }

    /** What came since the last call, at the latest after a tenth of a second. */
    List<DemoFact> poll() {
        List<DemoFact> facts = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            facts.addAll(facts(record));
        }
        return facts;
    }

    /** Everything up to what is the end of the topics now. */
    List<DemoFact> catchUp() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        List<DemoFact> facts = new ArrayList<>();
        long deadline = time.nanos() + CATCH_UP_LIMIT.toNanos();
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (time.nanos() > deadline) {
                throw new MillraceException(
                        ErrorCode.UNAVAILABLE,
                        "the topics could not be read within " + CATCH_UP_LIMIT.toSeconds() + " s");
            }
            facts.addAll(poll());
        }
        return facts;
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(2)));
    }

    private List<DemoFact> facts(ConsumerRecord<byte[], byte[]> record) {
        String topic = record.topic();
        if (topic.equals(plan.metering())) {
            return attempts(record);
        }
        List<DemoFact> facts = new ArrayList<>(2);
        if (topic.equals(plan.events())) {
            facts.add(
                    new DemoFact.Seen(
                            key(record),
                            topic + "-" + record.partition() + "-" + record.offset(),
                            Payload.of(record.value())));
        }
        if (topic.equals(plan.results())) {
            facts.add(
                    new DemoFact.Result(
                            key(record),
                            header(record, EventHeaders.SOURCE),
                            header(record, EventHeaders.REQUEST_ID),
                            Instant.ofEpochMilli(record.timestamp())));
        }
        if (plan.notifications().filter(topic::equals).isPresent()) {
            facts.add(new DemoFact.Notification(key(record), header(record, EventHeaders.SOURCE)));
        }
        if (topic.equals(plan.deadLetters())) {
            facts.add(deadLetter(record));
        }
        return facts;
    }

    private DemoFact deadLetter(ConsumerRecord<byte[], byte[]> record) {
        String attempts = header(record, EventHeaders.ATTEMPT);
        return new DemoFact.DeadLetter(
                key(record),
                header(record, EventHeaders.SOURCE),
                header(record, EventHeaders.REQUEST_ID),
                attempts.matches("\\d{1,9}") ? Integer.parseInt(attempts) : 0,
                header(record, EventHeaders.ERROR_MESSAGE),
                Payload.of(record.value()));
    }

    private List<DemoFact> attempts(ConsumerRecord<byte[], byte[]> record) {
        MeteringRecord packed = metering.deserialize(record.topic(), record.value());
        if (packed == null) {
            return List.of();
        }
        return packed.getEntries().stream()
                .<DemoFact>map(entry -> new DemoFact.Metered(MeteredAttempt.of(packed, entry)))
                .toList();
    }

    /** The record's key is bucket and object key. */
    private String key(ConsumerRecord<byte[], byte[]> record) {
        String key = Payload.of(record.key()).text();
        String bucket = plan.photosBucket() + "/";
        return key.startsWith(bucket) ? key.substring(bucket.length()) : key;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null || header.value() == null
                ? ""
                : new String(header.value(), StandardCharsets.UTF_8);
    }
}
