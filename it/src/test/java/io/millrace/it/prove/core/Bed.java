package io.millrace.it.prove.core;

import io.millrace.engine.app.Engine;
import io.millrace.engine.artifacts.ArtifactPublisher;
import io.millrace.engine.inspect.MeteredAttempt;
import io.millrace.engine.inspect.MeteringReader;
import io.millrace.engine.inspect.MeteringTotals;
import io.millrace.engine.inspect.ReadRequest;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.registry.Deployment;
import io.millrace.engine.registry.RegistryPublisher;
import io.millrace.engine.registry.RegistryTopics;
import io.millrace.engine.time.SystemTimeSource;
import io.millrace.engine.time.TimeSource;
import io.millrace.it.harness.EngineProcess;
import io.millrace.it.harness.FunctionJar;
import io.millrace.it.harness.TestCluster;
import io.millrace.schemas.MeteringRecord;
import io.millrace.schemas.registry.AvroDeserializer;
import io.millrace.schemas.registry.RegistryConfig;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A cluster on which the scenarios run, and the eyes of their judges. Threading: one thread. */
public final class Bed implements AutoCloseable {
    private final Path folder;
    private final TestCluster cluster;
    private final TimeSource time = new SystemTimeSource();
    private final Map<String, Path> jars = new HashMap<>();

    private Bed(Path folder, TestCluster cluster) {
        this.folder = folder;
        this.cluster = cluster;
    }

    public static Bed start(Path folder) {
        return new Bed(folder, TestCluster.start(folder));
    }

    TestCluster cluster() {
        return cluster;
    }

    TimeSource time() {
        return time;
    }

    /** Where files of this run lie. */
    Path folder() {
        return folder;
    }

    /** A file of this name that does not exist yet. */
    Path file(String name) {
        return folder.resolve(name);
    }

    /** A node in this JVM. */
    public Engine engine(String node) {
        return cluster.startEngine(node);
    }

    /** A node in a JVM of its own. */
    EngineProcess process(String node) throws IOException {
        return EngineProcess.start(cluster.engineConfig(node), folder);
    }

    /** Publishes them with all topics they need; their calls are written down. */
    void deploy(List<Draft> drafts) throws IOException {
        try (var schemas = new SchemaRegistryClient(RegistryConfig.of(cluster.registryUrl()));
                var code = new ArtifactPublisher(cluster.cluster(), TestCluster.NAMES, time);
                var publisher =
                        new RegistryPublisher(
                                cluster.cluster(), TestCluster.NAMES, schemas, time)) {
            createTopics(drafts);
            Map<Path, String> published = new HashMap<>();
            List<Deployment> deployments = new ArrayList<>();
            for (Draft draft : drafts) {
                Path jar = jar(draft.batched());
                FunctionSpec spec = spec(draft, published.computeIfAbsent(jar, code::publish));
                deployments.add(
                        new Deployment(spec, Files.size(jar), "", List.of(draft.trigger())));
            }
            publisher.deploy(deployments);
        }
    }

    private void createTopics(List<Draft> drafts) {
        Map<Integer, Set<String>> topics = new TreeMap<>();
        for (Draft draft : drafts) {
            Set<String> names = topics.computeIfAbsent(draft.partitions(), _ -> new TreeSet<>());
            names.add(draft.topic());
            names.addAll(draft.trigger().destinations().topics());
        }
        topics.forEach((partitions, names) -> {
            try (var creation =
                    new RegistryTopics(cluster.cluster(), TestCluster.NAMES, partitions, 1)) {
                creation.createEngineTopics();
                creation.createEventTopics(names);
            }
        });
    }

    private FunctionSpec spec(Draft draft, String artifact) {
        Draft full = draft.with(Functions.JOURNAL, journal(draft).toString());
        return new FunctionSpec(
                draft.trigger().function(),
                FunctionSpec.LATEST,
                draft.batched() ? Functions.BATCH : Functions.SINGLE,
                artifact,
                draft.timeout(),
                256,
                full.environment());
    }

    private Path journal(Draft draft) {
        return folder.resolve(draft.id() + ".journal");
    }

    private Path jar(boolean batched) throws IOException {
        String name = batched ? Functions.BATCH : Functions.SINGLE;
        @Nullable Path made = jars.get(name);
        if (made == null) {
            made =
                    FunctionJar.of(
                            folder,
                            name,
                            batched ? Functions.BATCH_SOURCE : Functions.SINGLE_SOURCE);
            jars.put(name, made);
        }
        return made;
    }

    /** Sends values under one key to a partition. */
    void send(String topic, int partition, String key, List<String> values)
            throws ExecutionException, InterruptedException {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (String value : values) {
            ProducerRecord<byte[], byte[]> event = TestCluster.event(topic, key, value);
            records.add(new ProducerRecord<>(topic, partition, event.key(), event.value()));
        }
        cluster.send(records);
    }

    /** Waits for it; that it did not come to pass is for the judge to find. */
    void await(Duration limit, BooleanSupplier what) {
        try {
            Awaitility.await()
                    .atMost(limit)
                    .pollInterval(Duration.ofMillis(150))
                    .until(what::getAsBoolean);
        } catch (ConditionTimeoutException e) {
            // What is missing is seen by those who look.
            return;
        }
    }

    /** Waits until so many events of the trigger have their end. */
    void awaitDecided(Draft draft, int events) {
        await(
                Duration.ofSeconds(60),
                () ->
                        cluster.read(draft.trigger().destinations().results()).size()
                                        + cluster.read(draft.trigger().destinations().deadLetters())
                                                .size()
                                >= events);
    }

    /** Waits until every partition's committed offset is its end. */
    void awaitMarks(Draft draft) {
        await(Duration.ofSeconds(10), () -> marks(draft).equals(ends(draft)));
    }

    Seen look(Draft draft) {
        return new Seen(
                lines(draft.topic()),
                lines(draft.trigger().destinations().results()),
                lines(draft.trigger().destinations().deadLetters()),
                draft.trigger().destinations().onSuccess().map(this::lines).orElse(List.of()),
                draft.trigger().destinations().onFailure().map(this::lines).orElse(List.of()),
                attempts(draft.id()),
                calls(draft),
                marks(draft),
                ends(draft));
    }

    List<Line> lines(String topic) {
        return cluster.read(topic).stream().map(Line::of).toList();
    }

    /** By Millrace's own reader. */
    List<MeteredAttempt> attempts(String trigger) {
        List<MeteredAttempt> attempts = new ArrayList<>();
        try (var schemas = new SchemaRegistryClient(RegistryConfig.of(cluster.registryUrl()))) {
            new MeteringReader(cluster.cluster(), TestCluster.NAMES, schemas, time)
                    .read(
                            new ReadRequest.Start.Beginning(),
                            attempt -> {
                                if (attempt.where().trigger().equals(trigger)) {
                                    attempts.add(attempt);
                                }
                                return true;
                            });
        }
        return attempts;
    }

    List<Call> calls(Draft draft) {
        try {
            return Files.exists(journal(draft))
                    ? Files.readAllLines(journal(draft)).stream().map(Call::parse).toList()
                    : List.of();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** What Millrace's reader adds up. */
    MeteringTotals totals() {
        try (var schemas = new SchemaRegistryClient(RegistryConfig.of(cluster.registryUrl()))) {
            return new MeteringReader(cluster.cluster(), TestCluster.NAMES, schemas, time).totals();
        }
    }

    /** Nodes that have partitions of the trigger. */
    int members(Draft draft) {
        try {
            return cluster.members(draft.id()).size();
        } catch (ExecutionException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    /** Calls whose first value begins like this. */
    List<Call> calls(Draft draft, String verb) {
        return calls(draft).stream()
                .filter(call -> call.values().getFirst().startsWith(verb))
                .toList();
    }

    /** How many records the metering topic has for a trigger, unpacked by our own hands. */
    int meteringRecords(String trigger) {
        var deserializer = new AvroDeserializer<MeteringRecord>();
        deserializer.configure(
                Map.of("schema.registry.url", cluster.registryUrl(), "specific.avro.reader", true),
                false);
        String topic = TestCluster.NAMES.metering();
        return (int)
                cluster.read(topic).stream()
                        .map(record -> deserializer.deserialize(topic, record.value()))
                        .filter(record -> record.getTrigger().equals(trigger))
                        .count();
    }

    Map<Integer, Long> marks(Draft draft) {
        try (Admin admin = cluster.cluster().admin("bed-marks")) {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    admin.listConsumerGroupOffsets(TestCluster.NAMES.prefix() + draft.id())
                            .partitionsToOffsetAndMetadata()
                            .get(20, TimeUnit.SECONDS);
            Map<Integer, Long> marks = new TreeMap<>();
            committed.forEach((partition, offset) -> {
                if (offset != null && partition.topic().equals(draft.topic())) {
                    marks.put(partition.partition(), offset.offset());
                }
            });
            return marks;
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            return new TreeMap<>();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    Map<Integer, Long> ends(Draft draft) {
        try (var consumer = cluster.cluster().consumer("bed-ends")) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(draft.topic()).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            Map<Integer, Long> ends = new TreeMap<>();
            consumer.endOffsets(partitions)
                    .forEach((partition, end) -> ends.put(partition.partition(), end));
            return ends;
        }
    }

    @Override
    public void close() {
        cluster.close();
    }
}
