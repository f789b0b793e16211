package io.millrace.it;

import static io.millrace.it.harness.TestCluster.event;
import static io.millrace.it.harness.TestCluster.header;
import static io.millrace.it.harness.TestCluster.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.app.Engine;
import io.millrace.engine.app.TriggerState;
import io.millrace.engine.app.TriggerState.Phase;
import io.millrace.engine.config.EngineConfig;
import io.millrace.engine.config.EngineLimits;
import io.millrace.engine.model.Activity;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.it.harness.BrokerProcess;
import io.millrace.it.harness.FunctionJar;
import io.millrace.it.harness.TestCluster;
import io.millrace.schemas.EventHeaders;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.registry.WireFormat;

import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** What a trigger depends on goes away or changes while it runs, and comes back. */
final class OutageIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Within which a fault has to be told. */
    private static final Duration TOLD = Duration.ofSeconds(10);

    private static final String ECHO =
            """
            import io.millrace.functions.*;
            public class Echo implements Handler<String, String> {
                public String handle(String event, Context context) {
                    return event.startsWith("large") ? event.repeat(1000) : event;
                }
            }
            """;

    @TempDir Path folder;

    @Test
    void shouldGoOnWithoutLossOrRepeatWhenTheBrokerComesBack()
            throws IOException, ExecutionException, InterruptedException {
        Path output = Files.createDirectory(folder.resolve("output"));
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("kafka"), output);
                TestCluster cluster = TestCluster.over(folder, broker.bootstrapServers())) {
            deploy(cluster, trigger("outage"));
            try (Engine engine = cluster.startEngine("one")) {
                await().atMost(PATIENCE).until(() -> state(engine).phase() == Phase.RUNNING);
                cluster.send(events("outage-events", 0, 50));
                await().atMost(PATIENCE).until(() -> results(cluster, "outage").size() == 50);

                broker.kill();

                await().atMost(TOLD)
                        .until(() -> state(engine).reason().contains("Kafka does not answer"));
                broker.restart();
                cluster.send(events("outage-events", 50, 100));
                await().atMost(PATIENCE).until(() -> results(cluster, "outage").size() >= 100);
                await().atMost(PATIENCE)
                        .until(() ->
                                state(engine).phase() == Phase.RUNNING
                                        && state(engine).reason().isEmpty());
                assertThat(results(cluster, "outage"))
                        .containsExactlyInAnyOrderElementsOf(numbers(0, 100));
            }
        }
    }

    @Test
    void shouldWaitForTheSchemaRegistryAndSaySo()
            throws IOException, ExecutionException, InterruptedException {
        try (TestCluster cluster = TestCluster.start(folder);
                SchemaRegistryClient schemas =
                        cluster.cluster().schemaRegistry(cluster.registryUrl())) {
            deploy(cluster, trigger("asking"));
            int id =
                    schemas.register(
                            "asking-events-value",
                            new Schema.Parser()
                                    .parse(
                                            "{\"type\":\"record\",\"name\":\"Ping\",\"fields\":["
                                                    + "{\"name\":\"id\",\"type\":\"string\"}]}"));
            // One string of one letter.
            byte[] value = WireFormat.frame(id, HexFormat.of().parseHex("0261"));
            try (Engine engine = cluster.startEngine("one")) {
                await().atMost(PATIENCE).until(() -> state(engine).phase() == Phase.RUNNING);

                cluster.withoutRegistry(() -> {
                    sendQuietly(cluster, new ProducerRecord<>("asking-events", value));
                    await().atMost(TOLD)
                            .until(() ->
                                    state(engine).reason().contains("SchemaRegistryUnavailable"));
                    assertThat(state(engine).phase()).isEqualTo(Phase.RUNNING);
                });

                await().atMost(PATIENCE).until(() -> !results(cluster, "asking").isEmpty());
                assertThat(results(cluster, "asking")).containsExactly("{\"id\":\"a\"}");
                assertThat(cluster.read("asking-failed")).isEmpty();
                await().atMost(PATIENCE).until(() -> state(engine).reason().isEmpty());
            }
        }
    }

    @Test
    void shouldSayThatANodeCannotStartWithoutTheSchemaRegistry() {
        try (TestCluster cluster = TestCluster.start(folder)) {
            cluster.withoutRegistry(() ->
                    assertThatThrownBy(() -> cluster.startEngine("one").close())
                            .isInstanceOf(MillraceException.class)
                            .hasMessageContaining("schema registry"));
        }
    }

    @Test
    void shouldMakeDeadLettersOfResultsThatDoNotFitAnyMore()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        try (TestCluster cluster = TestCluster.start(folder);
                Admin admin = cluster.cluster().admin("test-admin")) {
            deploy(cluster, trigger("narrow"));
            try (Engine engine = cluster.startEngine("one")) {
                await().atMost(PATIENCE).until(() -> state(engine).phase() == Phase.RUNNING);
                cluster.send(List.of(event("narrow-events", "k", "large0")));
                await().atMost(PATIENCE).until(() -> results(cluster, "narrow").size() == 1);

                narrow(admin, "narrow-results", 2_000);
                cluster.send(
                        List.of(
                                event("narrow-events", "k", "large1"),
                                event("narrow-events", "k", "small")));

                await().atMost(PATIENCE).until(() -> results(cluster, "narrow").size() == 2);
                assertThat(results(cluster, "narrow")).contains("small");
                assertThat(cluster.read("narrow-failed"))
                        .singleElement()
                        .satisfies(letter -> {
                            assertThat(text(letter.value())).isEqualTo("large1");
                            assertThat(header(letter, EventHeaders.CONDITION))
                                    .isEqualTo("MaximumPayloadSizeExceeded");
                        });
                await().atMost(PATIENCE).until(() -> state(engine).phase() == Phase.RUNNING);
            }
        }
    }

    @Test
    void shouldCommitTheOffsetsOfADisabledTriggerAgainAndAgain()
            throws IOException, ExecutionException, InterruptedException {
        try (TestCluster cluster = TestCluster.start(folder)) {
            deploy(cluster, trigger("idle"));
            try (Engine engine = Engine.start(refreshing(cluster))) {
                await().atMost(PATIENCE).until(() -> state(engine).phase() == Phase.RUNNING);
                cluster.send(events("idle-events", 0, 5));
                await().atMost(PATIENCE).until(() -> results(cluster, "idle").size() == 5);
                deploy(cluster, trigger("idle").withActivity(Activity.DISABLED));
                await().atMost(PATIENCE).until(() -> state(engine).phase() == Phase.DISABLED);
                long before = commits(cluster, "millrace.idle");

                await().atMost(PATIENCE).until(() -> commits(cluster, "millrace.idle") > before);

                cluster.send(events("idle-events", 5, 10));
                deploy(cluster, trigger("idle"));
                await().atMost(PATIENCE).until(() -> results(cluster, "idle").size() >= 10);
                assertThat(results(cluster, "idle"))
                        .as("it goes on where it was")
                        .containsExactlyInAnyOrderElementsOf(numbers(0, 10));
            }
        }
    }

    private static EngineConfig refreshing(TestCluster cluster) {
        EngineLimits.Supervision usual = EngineLimits.DEFAULT.supervision();
        return cluster.engineConfig("one")
                .withLimits(
                        EngineLimits.DEFAULT.withSupervision(
                                new EngineLimits.Supervision(
                                        usual.restarts(),
                                        usual.watchInterval(),
                                        usual.startTimeout(),
                                        usual.stopTimeout(),
                                        Duration.ofSeconds(1),
                                        usual.signs())));
    }

    /** Commits of the group that the broker has kept in its own topic. */
    private static long commits(TestCluster cluster, String group) {
        return cluster.read("__consumer_offsets").stream()
                .map(ConsumerRecord::key)
                .filter(key -> key != null && text(key).contains(group + "\0"))
                .count();
    }

    private static void narrow(Admin admin, String topic, int bytes)
            throws ExecutionException, InterruptedException, TimeoutException {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var entry = new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(bytes));
        admin.incrementalAlterConfigs(
                        Map.of(
                                resource,
                                List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                .all()
                .get(10, TimeUnit.SECONDS);
    }

    private void deploy(TestCluster cluster, Trigger trigger) throws IOException {
        cluster.deploy(
                trigger, FunctionJar.of(folder, "Echo", ECHO), "Echo", Duration.ofSeconds(5));
    }

    private static Trigger trigger(String id) {
        return TestCluster.trigger(
                id,
                id + "-events",
                RetryPolicy.of(3, Duration.ofMillis(50), Duration.ofMillis(500)));
    }

    private static TriggerState state(Engine engine) {
        return engine.triggers().stream()
                .findFirst()
                .orElse(new TriggerState(new TriggerId("none"), Phase.STARTING, ""));
    }

    private static void sendQuietly(TestCluster cluster, ProducerRecord<byte[], byte[]> event) {
        try {
            cluster.send(List.of(event));
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static List<ProducerRecord<byte[], byte[]>> events(String topic, int from, int to) {
        var events = new ArrayList<ProducerRecord<byte[], byte[]>>();
        numbers(from, to).forEach(number -> events.add(event(topic, "k" + number, number)));
        return events;
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "e" + i).toList();
    }

    private static List<String> results(TestCluster cluster, String id) {
        return cluster.read(id + "-results").stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }
}
