package io.millrace.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.artifacts.ArtifactCache;
import io.millrace.engine.artifacts.ArtifactPublisher;
import io.millrace.engine.artifacts.ArtifactReader;
import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.dev.EmbeddedBroker;
import io.millrace.engine.dev.registry.EmbeddedSchemaRegistry;
import io.millrace.engine.model.Activity;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.Destinations;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.Guarantee;
import io.millrace.engine.model.Intake;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.LoadPolicy;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.StartingPosition;
import io.millrace.engine.model.TopicNames;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.model.ValueFormat;
import io.millrace.engine.registry.Deployment;
import io.millrace.engine.registry.FunctionKey;
import io.millrace.engine.registry.RegistryPublisher;
import io.millrace.engine.registry.RegistryReader;
import io.millrace.engine.registry.RegistrySnapshot;
import io.millrace.engine.registry.RegistryTopics;
import io.millrace.engine.time.SystemTimeSource;
import io.millrace.engine.time.TimeSource;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Registry and code topics on a real broker and a real schema registry. */
class ControlPlaneIT {
    private static final TimeSource TIME = new SystemTimeSource();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AtomicInteger PREFIXES = new AtomicInteger();

    @TempDir static Path data;
    private static EmbeddedBroker broker;
    private static EmbeddedSchemaRegistry registry;
    private static Cluster cluster;
    private static SchemaRegistryClient schemas;

    @TempDir Path folder;
    private final TopicNames names = new TopicNames("p" + PREFIXES.incrementAndGet() + ".");

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(data, 0);
        registry = EmbeddedSchemaRegistry.start(broker.bootstrapServers(), Map.of(), 0, (short) 1);
        cluster = new Cluster(broker.bootstrapServers(), Map.of());
        schemas = cluster.schemaRegistry(registry.url().toString());
    }

    @AfterAll
    static void stop() {
        schemas.close();
        registry.close();
        broker.close();
    }

    @BeforeEach
    void createTopics() {
        try (RegistryTopics topics = new RegistryTopics(cluster, names, 2, -1)) {
            assertThat(topics.createEngineTopics()).hasSize(8);
        }
    }

    @Test
    void shouldCreateTopicsOnce() {
        List<String> wanted = List.of(names.prefix() + "events", names.functions());
        try (RegistryTopics topics = new RegistryTopics(cluster, names, 2, -1)) {
            assertThat(topics.createEngineTopics()).isEmpty();
            assertThat(topics.createEventTopics(wanted)).containsExactly(wanted.getFirst());
            assertThat(topics.createEventTopics(wanted)).isEmpty();
        }
    }

    @Test
    void shouldRefuseARegistryTopicThatForgets() {
        TopicNames other = new TopicNames(names.prefix() + "x.");
        try (RegistryTopics topics = new RegistryTopics(cluster, names, 2, -1);
                RegistryTopics wrong = new RegistryTopics(cluster, other, 2, -1)) {
            // Made as an event topic, as a broker that creates topics by itself would.
            topics.createEventTopics(List.of(other.functions()));
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(topics.existing(List.of(other.functions()))).hasSize(1));

            assertThatThrownBy(wrong::createEngineTopics)
                    .hasMessageContaining("'" + other.functions() + "'")
                    .hasMessageContaining("would forget functions");
        }
    }

    @Test
    void shouldRefuseMoreReplicasThanThereAreBrokers() {
        try (RegistryTopics topics = new RegistryTopics(cluster, names, 1, 3)) {
            assertThatThrownBy(() -> topics.createEventTopics(List.of(names.prefix() + "many")))
                    .isInstanceOfSatisfying(
                            MillraceException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                    .hasMessageContaining("cannot create topic '" + names.prefix() + "many'");
        }
    }

    @Test
    void shouldFollowWhatIsDeployedReplacedAndRemoved() {
        List<RegistrySnapshot> seen = new CopyOnWriteArrayList<>();
        try (RegistryPublisher publisher = new RegistryPublisher(cluster, names, schemas, TIME)) {
            publisher.deploy(List.of(deployment("first", 1)));
            try (RegistryReader reader = follow(seen)) {
                reader.awaitCaughtUp(PATIENCE);
                assertThat(seen).hasSize(1);
                assertThat(reader.snapshot().functionOf(trigger("first", 1)))
                        .contains(function("first"));

                publisher.deploy(List.of(deployment("first", 7), deployment("second", 1)));
                await().atMost(PATIENCE)
                        .untilAsserted(() -> {
                            RegistrySnapshot now = reader.snapshot();
                            assertThat(now.functions()).hasSize(2);
                            assertThat(now.triggers())
                                    .containsEntry(new TriggerId("first"), trigger("first", 7));
                        });

                publisher.remove(
                        List.of(FunctionKey.of(function("first"))),
                        List.of(new TriggerId("first")));
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(reader.snapshot().triggers()).hasSize(1));
                assertThat(reader.snapshot().functions())
                        .containsOnlyKeys(FunctionKey.of(function("second")));
                assertThat(RegistryReader.read(cluster, names, schemas))
                        .isEqualTo(reader.snapshot());
            }
        }
        assertThat(seen).doesNotHaveDuplicates();
    }

    @Test
    void shouldPassOverARecordThatCannotBeRead() throws ExecutionException, InterruptedException {
        try (Producer<byte[], byte[]> producer = cluster.producer("test");
                RegistryPublisher publisher =
                        new RegistryPublisher(cluster, names, schemas, TIME)) {
            producer.send(new ProducerRecord<>(names.functions(), bytes("f:1"), bytes("garbage")))
                    .get();
            // Framed, but the registry knows no such schema.
            producer.send(
                            new ProducerRecord<>(
                                    names.triggers(), bytes("t"), new byte[] {0, 0, 9, 9, 9, 1, 2}))
                    .get();
            publisher.deploy(List.of(deployment("good", 1)));

            try (RegistryReader reader = follow(new ArrayList<>())) {
                reader.awaitCaughtUp(PATIENCE);

                assertThat(reader.skippedRecords()).isEqualTo(2);
                assertThat(reader.snapshot().triggers()).hasSize(1);
            }
        }
    }

    @Test
    void shouldShowNothingOfADeploymentThatWasOvertaken() {
        try (RegistryPublisher older = new RegistryPublisher(cluster, names, schemas, TIME);
                RegistryPublisher newer = new RegistryPublisher(cluster, names, schemas, TIME)) {
            older.deploy(List.of(deployment("a", 1)));
            newer.deploy(List.of(deployment("b", 1)));

            assertThatThrownBy(() -> older.deploy(List.of(deployment("a", 2))))
                    .isInstanceOfSatisfying(
                            MillraceException.class,
                            e -> assertThat(e.code()).as(e.text()).isEqualTo(ErrorCode.IN_USE));

            RegistrySnapshot now = RegistryReader.read(cluster, names, schemas);
            assertThat(now.triggers().values())
                    .containsExactlyInAnyOrder(trigger("a", 1), trigger("b", 1));
        }
    }

    @Test
    void shouldTellThatTheTopicsAreNotThere() {
        TopicNames none = new TopicNames("none.");

        assertThatThrownBy(() -> RegistryReader.read(cluster, none, schemas))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessageContaining("'none.functions' does not exist");
    }

    @Test
    void shouldGiveBackThePackageItWasGiven() throws IOException {
        Path code = code(2_345_678);
        ArtifactCache cache = cache("one");
        String digest = publish(code);

        Path fetched = cache.fetch(digest);

        assertThat(fetched).hasSameBinaryContentAs(code).hasFileName(digest + ".jar");
        assertThat(Files.getPosixFilePermissions(fetched))
                .noneMatch(p -> p.name().endsWith("WRITE"));
        long records = records();
        assertThat(publish(code)).isEqualTo(digest);
        assertThat(records()).as("publishing again writes nothing").isEqualTo(records);
    }

    @Test
    void shouldFetchAPackageOnceForAllWhoAsk()
            throws ExecutionException, IOException, InterruptedException, TimeoutException {
        String digest = publish(code(1_000_000));
        ArtifactCache cache = cache("many");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Path>> calls = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                calls.add(() -> cache.fetch(digest));
            }
            for (Future<Path> call : threads.invokeAll(calls)) {
                assertThat(call.get(30, TimeUnit.SECONDS)).exists();
            }
        }
        try (var files = Files.list(folder.resolve("many/code"))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void shouldRefuseADamagedPackageAndTakeItAgainOnceRepaired()
            throws ExecutionException, IOException, InterruptedException {
        Path code = code(1_900_000);
        String digest = publish(code);
        try (Producer<byte[], byte[]> producer = cluster.producer("test")) {
            producer.send(new ProducerRecord<>(names.code(), bytes(digest + "/1"), bytes("bad")))
                    .get();
            // Read to the end, as after compaction: the manifest is newer than the damage.
            producer.send(new ProducerRecord<>(names.code(), bytes(digest + "/manifest"), null))
                    .get();
        }
        ArtifactCache cache = cache("damaged");
        assertThatThrownBy(() -> cache.fetch("ab".repeat(32)))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));

        assertThat(publish(code)).isEqualTo(digest);

        assertThat(cache.fetch(digest)).hasSameBinaryContentAs(code);
        try (var files = Files.list(folder.resolve("damaged/code"))) {
            assertThat(files).as("no unfinished files").hasSize(1);
        }
    }

    @Test
    void shouldTakeTheLaterCopyOfAChunkThatWasDamagedFirst()
            throws ExecutionException, IOException, InterruptedException {
        Path code = code(500);
        TopicNames elsewhere = new TopicNames(names.prefix() + "y.");
        try (RegistryTopics topics = new RegistryTopics(cluster, elsewhere, 1, -1);
                Producer<byte[], byte[]> producer = cluster.producer("test");
                ArtifactPublisher publisher = new ArtifactPublisher(cluster, elsewhere, TIME)) {
            topics.createEngineTopics();
            String digest = publisher.publish(code);
            producer.send(new ProducerRecord<>(names.code(), bytes(digest + "/0"), bytes("bad")))
                    .get();
            producer.send(
                            new ProducerRecord<>(
                                    names.code(),
                                    bytes(digest + "/manifest"),
                                    bytes("{\"size\":500,\"chunks\":1}")))
                    .get();
            ArtifactCache cache = cache("repaired");
            assertThatThrownBy(() -> cache.fetch(digest)).hasMessageContaining("is damaged");

            assertThat(publish(code)).isEqualTo(digest);

            assertThat(cache.fetch(digest)).hasSameBinaryContentAs(code);
        }
    }

    @Test
    void shouldTellThatAPackageIsDamaged()
            throws ExecutionException, IOException, InterruptedException {
        String wrong = "cd".repeat(32);
        try (Producer<byte[], byte[]> producer = cluster.producer("test")) {
            producer.send(new ProducerRecord<>(names.code(), bytes(wrong + "/0"), bytes("abc")))
                    .get();
            producer.send(
                            new ProducerRecord<>(
                                    names.code(),
                                    bytes(wrong + "/manifest"),
                                    bytes("{\"size\":3,\"chunks\":1}")))
                    .get();
        }
        ArtifactCache cache = cache("wrong");

        assertThatThrownBy(() -> cache.fetch(wrong))
                .hasMessageContaining("is damaged: its bytes have the digest")
                .hasMessageContaining("deploy the function again");
        try (var files = Files.list(folder.resolve("wrong/code"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void shouldTellThatNoBrokerAnswers() {
        Cluster nowhere = new Cluster("127.0.0.1:1", Map.of());
        try (RegistryTopics topics = new RegistryTopics(nowhere, names, 1, -1)) {
            assertThatThrownBy(topics::createEngineTopics)
                    .isInstanceOfSatisfying(
                            MillraceException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                    .hasMessageContaining("127.0.0.1:1");
        }
    }

    private RegistryReader follow(List<RegistrySnapshot> seen) {
        return RegistryReader.start(
                cluster, names, schemas, Thread.ofPlatform().name("registry").factory(), seen::add);
    }

    private String publish(Path code) {
        try (ArtifactPublisher publisher = new ArtifactPublisher(cluster, names, TIME)) {
            return publisher.publish(code);
        }
    }

    private ArtifactCache cache(String name) {
        return new ArtifactCache(new ArtifactReader(cluster, names, TIME), folder.resolve(name));
    }

    private Path code(int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return Files.write(folder.resolve("code.jar"), bytes);
    }

    private long records() {
        try (var consumer = cluster.consumer("test")) {
            var partition = new TopicPartition(names.code(), 0);
            return consumer.endOffsets(List.of(partition)).values().iterator().next();
        }
    }

    private static Deployment deployment(String name, int lanes) {
        return new Deployment(function(name), 10, "", List.of(trigger(name, lanes)));
    }

    private static FunctionSpec function(String name) {
        return new FunctionSpec(
                new FunctionName(name),
                FunctionSpec.LATEST,
                "a.B",
                "00".repeat(32),
                Duration.ofSeconds(3),
                128,
                Map.of("A", "b"));
    }

    private static Trigger trigger(String name, int lanes) {
        return new Trigger(
                new TriggerId(name),
                "in",
                new FunctionName(name),
                FunctionSpec.LATEST,
                Intake.from(StartingPosition.EARLIEST, ValueFormat.AUTO),
                LanePolicy.byKey(lanes),
                BatchPolicy.SINGLE,
                RetryPolicy.DEFAULT,
                LoadPolicy.of(10),
                Destinations.of("results", "dead"),
                Guarantee.EXACTLY_ONCE,
                Activity.ENABLED);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
