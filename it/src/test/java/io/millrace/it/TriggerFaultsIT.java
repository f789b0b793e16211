package io.millrace.it;

import static io.millrace.it.harness.TestCluster.event;
import static io.millrace.it.harness.TestCluster.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.app.Engine;
import io.millrace.engine.app.TriggerState;
import io.millrace.engine.app.TriggerState.Phase;
import io.millrace.engine.cli.Millrace;
import io.millrace.engine.model.Activity;
import io.millrace.engine.model.Intake;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.StartingPosition;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.ValueFormat;
import io.millrace.it.harness.FunctionJar;
import io.millrace.it.harness.TestCluster;
import io.millrace.schemas.LostRange;
import io.millrace.schemas.registry.AvroDeserializer;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a trigger says and does when something it needs is gone, has changed, or comes back. */
final class TriggerFaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Within which a fault has to be told. */
    private static final Duration TOLD = Duration.ofSeconds(10);

    private static final String ECHO =
            """
            import io.millrace.functions.*;
            public class Echo implements Handler<String, String> {
                public String handle(String event, Context context) {
                    return event;
                }
            }
            """;

    @TempDir static Path folder;
    private static TestCluster cluster;
    private static Engine engine;
    private static Admin admin;
    private static Path jar;

    @BeforeAll
    static void start() throws IOException {
        cluster = TestCluster.start(folder);
        jar = FunctionJar.of(folder, "Echo", ECHO);
        engine = cluster.startEngine("node-1");
        admin = cluster.cluster().admin("test-admin");
    }

    @AfterAll
    static void stop() {
        admin.close();
        engine.close();
        cluster.close();
    }

    @Test
    void shouldBeginAtTheFirstEventOfATime()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        create("timed-events", 3);
        Instant time = Instant.parse("2026-03-01T12:00:00Z");
        cluster.send(
                List.of(
                        at("timed-events", 0, time.minusMillis(1), "early"),
                        at("timed-events", 0, time, "first"),
                        at("timed-events", 1, time.minusMillis(1), "early too"),
                        at("timed-events", 2, time.plusMillis(1), "second")));

        deploy(
                trigger("timed")
                        .withIntake(Intake.from(StartingPosition.at(time), ValueFormat.AUTO)));

        awaitRunning("timed");
        cluster.send(List.of(at("timed-events", 1, time.minusMillis(1), "new")));
        awaitResults("timed", "first", "second", "new");
    }

    @Test
    void shouldWriteALostRangeAndGoOnWhenRetentionHasPassedTheMark()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        create("lossy-events", 1);
        cluster.send(List.of(event("lossy-events", "k", "0"), event("lossy-events", "k", "1")));
        deploy(trigger("lossy"));
        awaitResults("lossy", "0", "1");
        deploy(trigger("lossy").withActivity(Activity.DISABLED));
        awaitPhase("lossy", Phase.DISABLED);
        for (int i = 2; i < 10; i++) {
            cluster.send(List.of(event("lossy-events", "k", "" + i)));
        }
        var partition = new TopicPartition("lossy-events", 0);
        admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(7)))
                .all()
                .get(10, TimeUnit.SECONDS);

        deploy(trigger("lossy"));

        awaitResults("lossy", "0", "1", "7", "8", "9");
        awaitReason("lossy", Phase.RUNNING, "events 2 to 6 of 'lossy-events-0' were deleted");
        assertThat(lostRanges("lossy"))
                .singleElement()
                .satisfies(range -> {
                    assertThat(range.getFrom()).isEqualTo(2);
                    assertThat(range.getTo()).isEqualTo(7);
                    assertThat(range.getTopic()).isEqualTo("lossy-events");
                    assertThat(range.getNode()).isEqualTo("node-1");
                });
    }

    @Test
    void shouldNotStartAnewWhenTheCommittedOffsetsAreGone()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        create("forgotten-events", 1);
        cluster.send(List.of(event("forgotten-events", "k", "0")));
        deploy(trigger("forgotten"));
        awaitResults("forgotten", "0");
        deploy(trigger("forgotten").withActivity(Activity.DISABLED));
        awaitPhase("forgotten", Phase.DISABLED);
        // A disabled trigger leaves its group at once; otherwise this would be refused.
        admin.deleteConsumerGroups(List.of("millrace.forgotten")).all().get(10, TimeUnit.SECONDS);

        deploy(trigger("forgotten"));

        awaitReason(
                "forgotten",
                Phase.WAITING,
                "offsets of 'forgotten-events-0' in group"
                        + " 'millrace.forgotten' are gone although the trigger ran before");
        assertThat(results("forgotten")).containsExactly("0");
    }

    @Test
    void shouldSayThatTheSourceTopicIsGoneAndTakeAnotherOneForItOnlyWhenTold()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        create("vanishing-events", 1);
        cluster.send(List.of(event("vanishing-events", "k", "0")));
        deploy(trigger("vanishing"));
        awaitResults("vanishing", "0");

        delete("vanishing-events");

        awaitTold("vanishing", "source topic 'vanishing-events' does not exist");
        create("vanishing-events", 1);
        awaitReason("vanishing", Phase.WAITING, "millrace trigger seek vanishing");
        cluster.send(List.of(event("vanishing-events", "k", "new")));
        int code =
                Millrace.run(
                        new PrintWriter(Writer.nullWriter()),
                        new PrintWriter(Writer.nullWriter()),
                        "trigger",
                        "seek",
                        "vanishing",
                        "--to",
                        "earliest",
                        "--bootstrap-servers",
                        cluster.bootstrapServers(),
                        "--schema-registry-url",
                        cluster.registryUrl());
        assertThat(code).isZero();
        awaitResults("vanishing", "0", "new");
    }

    @Test
    void shouldGoOnWithEveryEventWhenTheSourceTopicGetsMorePartitions()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        create("growing-events", 1);
        cluster.send(List.of(event("growing-events", "k", "0")));
        deploy(
                trigger("growing")
                        .withIntake(Intake.from(StartingPosition.LATEST, ValueFormat.AUTO)));
        awaitRunning("growing");
        cluster.send(List.of(event("growing-events", "k", "1")));
        awaitResults("growing", "1");

        admin.createPartitions(Map.of("growing-events", NewPartitions.increaseTo(3)))
                .all()
                .get(10, TimeUnit.SECONDS);
        cluster.send(
                List.of(
                        at("growing-events", 0, Instant.EPOCH, "2"),
                        at("growing-events", 1, Instant.EPOCH, "3"),
                        at("growing-events", 2, Instant.EPOCH, "4")));

        // A new partition begins at its beginning, though the trigger began at the end.
        awaitResults("growing", "1", "2", "3", "4");
        awaitRunning("growing");
        assertThat(
                        admin.describeTopics(List.of("millrace.growing-parked-changelog"))
                                .allTopicNames()
                                .get(10, TimeUnit.SECONDS)
                                .values())
                .singleElement()
                .satisfies(topic -> assertThat(topic.partitions()).hasSize(3));
    }

    @Test
    void shouldWaitForATargetTopicThatIsGoneAndLoseNothing()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        create("aimless-events", 1);
        deploy(trigger("aimless"));
        awaitRunning("aimless");

        delete("aimless-results");
        cluster.send(List.of(event("aimless-events", "k", "0")));

        awaitTold("aimless", "target topic 'aimless-results' does not exist");
        create("aimless-results", 1);
        awaitResults("aimless", "0");
        awaitRunning("aimless");
    }

    @Test
    void shouldNotTrustAChangelogThatForgets()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        create("leaky-events", 1);
        deploy(trigger("leaky"));
        awaitRunning("leaky");
        deploy(trigger("leaky").withActivity(Activity.DISABLED));
        awaitPhase("leaky", Phase.DISABLED);
        setCleanup("millrace.leaky-parked-changelog", "delete");

        deploy(trigger("leaky"));

        awaitReason(
                "leaky",
                Phase.WAITING,
                "changelog 'millrace.leaky-parked-changelog' has cleanup.policy 'delete'");
        setCleanup("millrace.leaky-parked-changelog", "compact");
        awaitRunning("leaky");
    }

    @Test
    void shouldRefuseExactlyOnceOnAClusterWhoseTransactionsAreTooOld()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        create("old-events", 1);
        setTransactions(1, FeatureUpdate.UpgradeType.SAFE_DOWNGRADE);
        try {
            deploy(trigger("old"));

            awaitReason("old", Phase.WAITING, "'transaction.version' at 2, the cluster has 1");
        } finally {
            setTransactions(2, FeatureUpdate.UpgradeType.UPGRADE);
        }
        awaitRunning("old");
    }

    private static void setTransactions(int version, FeatureUpdate.UpgradeType type)
            throws ExecutionException, InterruptedException, TimeoutException {
        admin.updateFeatures(
                        Map.of("transaction.version", new FeatureUpdate((short) version, type)),
                        new UpdateFeaturesOptions())
                .all()
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldSayThatTheChangelogIsGone()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        create("amnesic-events", 1);
        cluster.send(List.of(event("amnesic-events", "k", "0")));
        deploy(trigger("amnesic"));
        awaitResults("amnesic", "0");
        await().atMost(PATIENCE).until(() -> committed("millrace.amnesic") > 0);

        delete("millrace.amnesic-parked-changelog");

        awaitReason(
                "amnesic", Phase.WAITING, "events that were parked for a later attempt are lost");
    }

    private static Trigger trigger(String id) {
        return TestCluster.trigger(
                id,
                id + "-events",
                RetryPolicy.of(3, Duration.ofMillis(50), Duration.ofMillis(200)));
    }

    private static void deploy(Trigger trigger) throws IOException {
        cluster.deploy(trigger, jar, "Echo", Duration.ofSeconds(5));
    }

    private static void create(String topic, int partitions)
            throws ExecutionException, InterruptedException, TimeoutException {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                .all()
                .get(10, TimeUnit.SECONDS);
    }

    private static void delete(String topic)
            throws ExecutionException, InterruptedException, TimeoutException {
        admin.deleteTopics(List.of(topic)).all().get(10, TimeUnit.SECONDS);
    }

    private static void setCleanup(String topic, String policy)
            throws ExecutionException, InterruptedException, TimeoutException {
        admin.incrementalAlterConfigs(
                        Map.of(
                                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                                List.of(
                                        new AlterConfigOp(
                                                new ConfigEntry("cleanup.policy", policy),
                                                AlterConfigOp.OpType.SET))))
                .all()
                .get(10, TimeUnit.SECONDS);
    }

    private static long committed(String group)
            throws ExecutionException, InterruptedException, TimeoutException {
        return admin
                .listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(10, TimeUnit.SECONDS)
                .values()
                .stream()
                .mapToLong(offset -> offset.offset())
                .sum();
    }

    private static ProducerRecord<byte[], byte[]> at(
            String topic, int partition, Instant time, String value) {
        return new ProducerRecord<>(
                topic,
                partition,
                time.toEpochMilli(),
                "k".getBytes(StandardCharsets.UTF_8),
                value.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> results(String trigger) {
        return cluster.read(trigger + "-results").stream().map(r -> text(r.value())).toList();
    }

    private static void awaitResults(String trigger, String... values) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(results(trigger)).containsExactlyInAnyOrder(values));
    }

    private static void awaitRunning(String trigger) {
        awaitPhase(trigger, Phase.RUNNING);
    }

    private static void awaitPhase(String trigger, Phase phase) {
        awaitReason(trigger, phase, "");
    }

    private static void awaitTold(String trigger, String words) {
        await().atMost(TOLD)
                .untilAsserted(() -> assertThat(state(trigger).reason()).contains(words));
    }

    private static void awaitReason(String trigger, Phase phase, String words) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> {
                    TriggerState state = state(trigger);
                    assertThat(state.phase()).as("%s", state).isEqualTo(phase);
                    assertThat(state.reason()).contains(words);
                });
    }

    private static TriggerState state(String trigger) {
        return engine.triggers().stream()
                .filter(state -> state.trigger().value().equals(trigger))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing is known of " + trigger));
    }

    private static List<LostRange> lostRanges(String trigger) {
        try (var schemas = cluster.cluster().schemaRegistry(cluster.registryUrl())) {
            var reader = new AvroDeserializer<>(schemas, LostRange.class);
            String topic = TestCluster.NAMES.lostRanges();
            return cluster.read(topic).stream()
                    .map(record -> reader.deserialize(topic, record.value()))
                    .filter(range -> range.getTrigger().equals(trigger))
                    .toList();
        }
    }
}
