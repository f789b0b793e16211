package io.millrace.it.prove.demo;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.millrace.engine.model.Header;
import io.millrace.engine.model.Payload;
import io.millrace.engine.time.SystemTimeSource;
import io.millrace.engine.time.TimeSource;
import io.millrace.it.harness.DevAddresses;
import io.millrace.it.prove.demo.DemoSurvey.Attempt;
import io.millrace.it.prove.demo.DemoSurvey.Outcomes;
import io.millrace.it.prove.demo.DemoSurvey.Progress;
import io.millrace.it.prove.demo.DemoSurvey.Seen;
import io.millrace.schemas.MeteringRecord;
import io.millrace.schemas.registry.AvroDeserializer;
import io.millrace.schemas.registry.RegistryConfig;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/** Looks at a running environment with clients of its own. Threading: one thread. */
final class DemoSurveyor {
    private static final String EVENTS = "photos";
    private static final String RESULTS = "photos-thumbnails";
    private static final String NOTIFICATIONS = "notifications";
    private static final String DEAD_LETTERS = "photos-failed";
    private static final String METERING = "millrace.metering";
    private static final List<String> TOPICS =
            List.of(EVENTS, RESULTS, NOTIFICATIONS, DEAD_LETTERS, METERING);
    private static final String PHOTOS = "photos";
    private static final String THUMBNAILS = "thumbnails";
    private static final String GROUP = "millrace.thumbnail";
    private static final String SOURCE = "photos";
    private static final String RUNNING = "RUNNING";
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration READY = Duration.ofSeconds(60);
    private static final Duration READ = Duration.ofSeconds(60);

    private final DevAddresses at;
    private final TimeSource time = new SystemTimeSource();

    DemoSurveyor(DevAddresses at) {
        this.at = at;
    }

    /**
     * Waits until source and trigger run, then reads everything.
     *
     * @param watch so long nothing new may come before it is over
     */
    DemoSurvey look(Duration watch) throws IOException, InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", at.kafka()));
                Consumer<byte[], byte[]> consumer = consumer();
                SchemaRegistryClient schemas =
                        new SchemaRegistryClient(RegistryConfig.of(at.registry()))) {
            String sourceState = awaitRunning(admin);
            List<ConsumerRecord<byte[], byte[]>> records = read(consumer, watch);
            return new DemoSurvey(
                    of(EVENTS, records),
                    new Outcomes(
                            of(RESULTS, records),
                            of(NOTIFICATIONS, records),
                            of(DEAD_LETTERS, records)),
                    attempts(schemas, records),
                    uploads(),
                    thumbnails(),
                    progress(admin, consumer, records),
                    sourceState);
        }
    }

    private Consumer<byte[], byte[]> consumer() {
        Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                at.kafka(),
                                "isolation.level",
                                "read_committed",
                                "enable.auto.commit",
                                false,
                                "auto.offset.reset",
                                "earliest",
                                "allow.auto.create.topics",
                                false),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        consumer.assign(
                TOPICS.stream()
                        .flatMap(topic -> consumer.partitionsFor(topic).stream())
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList());
        return consumer;
    }

    /** How the source is at last: RUNNING, or what it was when time ran out. */
    private String awaitRunning(Admin admin)
            throws IOException, InterruptedException, ExecutionException {
        long deadline = time.nanos() + READY.toNanos();
        String state = sourceState();
        while (!(state.equals(RUNNING) && isStable(admin)) && time.nanos() < deadline) {
            // Every look is a call to a server, which is pause enough.
            state = sourceState();
        }
        return state;
    }

    private String sourceState() throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(
                                    URI.create(at.connect() + "/connectors/" + SOURCE + "/status"))
                            .timeout(Duration.ofSeconds(10))
                            .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                return "HTTP " + answer.statusCode();
            }
            return new ObjectMapper()
                    .readTree(answer.body())
                    .path("tasks")
                    .path(0)
                    .path("state")
                    .asText("no task");
        }
    }

    private static boolean isStable(Admin admin) throws InterruptedException, ExecutionException {
        return admin.listGroups().all().get().stream()
                .filter(group -> group.groupId().equals(GROUP))
                .flatMap((GroupListing group) -> group.groupState().stream())
                .anyMatch(GroupState.STABLE::equals);
    }

    /** Everything, and what comes until nothing came for so long. */
    private List<ConsumerRecord<byte[], byte[]>> read(
            Consumer<byte[], byte[]> consumer, Duration watch) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long deadline = time.nanos() + READ.toNanos();
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        long quietSince = time.nanos();
        boolean isRead = false;
        while (!isRead || time.nanos() - quietSince < watch.toNanos()) {
            if (time.nanos() > deadline) {
                throw new IllegalStateException("topics do not come to rest within " + READ);
            }
            int before = records.size();
            consumer.poll(POLL).forEach(records::add);
            isRead =
                    ends.entrySet().stream()
                            .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            if (records.size() > before) {
                quietSince = time.nanos();
            }
        }
        return records;
    }

    private static List<Seen> of(String topic, List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .filter(record -> record.topic().equals(topic))
                .map(record ->
                        new Seen(
                                topic + "-" + record.partition() + "-" + record.offset(),
                                Payload.of(record.key()),
                                Payload.of(record.value()),
                                headers(record),
                                Instant.ofEpochMilli(record.timestamp())))
                .toList();
    }

    private static List<Header> headers(ConsumerRecord<byte[], byte[]> record) {
        return Arrays.stream(record.headers().toArray())
                .map(header -> new Header(header.key(), Payload.of(header.value())))
                .toList();
    }

    private static List<Attempt> attempts(
            SchemaRegistryClient schemas, List<ConsumerRecord<byte[], byte[]>> records) {
        AvroDeserializer<MeteringRecord> reader =
                new AvroDeserializer<>(schemas, MeteringRecord.class);
        List<Attempt> attempts = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (!record.topic().equals(METERING)) {
                continue;
            }
            MeteringRecord packed = reader.deserialize(METERING, record.value());
            if (packed == null || !packed.getTopic().equals(EVENTS)) {
                continue;
            }
            String partition = packed.getTopic() + "-" + packed.getPartition() + "-";
            packed.getEntries()
                    .forEach(entry ->
                            attempts.add(
                                    new Attempt(
                                            entry.getRequestId(),
                                            partition + entry.getFirstOffset(),
                                            entry.getAttempt(),
                                            entry.getOutcome().name())));
        }
        return attempts;
    }

    private Map<String, String> uploads() throws IOException {
        try (Bucket bucket = Bucket.of(at, PHOTOS)) {
            return bucket.versions();
        }
    }

    private Map<String, Payload> thumbnails() throws IOException {
        try (Bucket bucket = Bucket.of(at, THUMBNAILS)) {
            return bucket.objects();
        }
    }

    private static List<Progress> progress(
            Admin admin,
            Consumer<byte[], byte[]> consumer,
            List<ConsumerRecord<byte[], byte[]>> records)
            throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetAndMetadata> committed =
                admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata().get();
        Map<TopicPartition, Long> ends = new TreeMap<>((a, b) -> a.partition() - b.partition());
        consumer.endOffsets(consumer.assignment())
                .forEach((partition, end) -> {
                    if (partition.topic().equals(EVENTS)) {
                        ends.put(partition, end);
                    }
                });
        List<Progress> progress = new ArrayList<>();
        ends.forEach((partition, end) -> {
            OffsetAndMetadata offset = committed.get(partition);
            long done = offset == null ? 0 : offset.offset();
            long unread =
                    records.stream()
                            .filter(record -> record.topic().equals(EVENTS))
                            .filter(record -> record.partition() == partition.partition())
                            .filter(record -> record.offset() >= done)
                            .count();
            progress.add(new Progress(partition.partition(), done, end, unread));
        });
        return progress;
    }
}
