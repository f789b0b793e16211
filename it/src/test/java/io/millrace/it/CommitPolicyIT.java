package io.millrace.it;

import static io.millrace.it.harness.TestCluster.event;
import static io.millrace.it.harness.TestCluster.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.app.Engine;
import io.millrace.engine.config.EngineConfig;
import io.millrace.engine.config.EngineLimits;
import io.millrace.engine.model.AwsAccount;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.offsets.CommitPolicy;
import io.millrace.it.harness.FunctionJar;
import io.millrace.it.harness.TestCluster;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** Every way to commit keeps what the product promises, or measuring them would prove nothing. */
@Tag("long")
final class CommitPolicyIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final RetryPolicy QUICK =
            RetryPolicy.of(3, Duration.ofMillis(20), Duration.ofMillis(100));
    private static final int KEYS = 40;

    /** Some events are slow, and some fail at first. */
    private static final String UNEVEN =
            """
            import io.millrace.functions.*;
            public class Uneven implements Handler<String, String> {
                private static final java.util.Set<String> seen =
                        java.util.concurrent.ConcurrentHashMap.newKeySet();
                public String handle(String event, Context context) throws Exception {
                    int hash = Math.abs(event.hashCode());
                    java.util.concurrent.locks.LockSupport.parkNanos(hash % 7 == 0 ? 60_000_000L : 1_000_000L);
                    if (hash % 101 == 0 && seen.add(event)) throw new IllegalStateException("not yet");
                    return event;
                }
            }
            """;

    @TempDir Path folder;
    private TestCluster cluster;

    /** One for each: a node runs every trigger it finds, with its own policy. */
    @BeforeEach
    void startCluster() {
        cluster = TestCluster.start(folder);
    }

    @AfterEach
    void stopCluster() {
        cluster.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldDeliverExactlyOnceInOrderOverARestart(CommitPolicy policy)
            throws ExecutionException, IOException, InterruptedException {
        String id = policy.text();
        cluster.deploy(
                TestCluster.trigger(id, id + "-events", QUICK),
                FunctionJar.of(folder, "Uneven", UNEVEN),
                "Uneven",
                Duration.ofSeconds(5));
        int before = 2_000;
        int count = 2_500;

        cluster.send(events(id, 0, before));
        try (Engine _ = Engine.start(config(policy))) {
            await().atMost(PATIENCE).until(() -> results(id).size() > before / 10);
        }
        // However much the first node got done, there is work left for the second.
        cluster.send(events(id, before, count));
        try (Engine _ = Engine.start(config(policy))) {
            await().atMost(PATIENCE).until(() -> results(id).size() >= count);
        }

        var sequences = new HashMap<String, List<Integer>>();
        for (ConsumerRecord<byte[], byte[]> result : results(id)) {
            String[] parts = text(result.value()).split(":", 2);
            sequences
                    .computeIfAbsent(parts[0], _ -> new ArrayList<>())
                    .add(Integer.valueOf(parts[1]));
        }
        assertThat(results(id)).hasSize(count);
        assertThat(sequences).hasSize(KEYS);
        assertThat(sequences)
                .allSatisfy((_, numbers) -> assertThat(numbers).isSorted().doesNotHaveDuplicates());
    }

    private List<ConsumerRecord<byte[], byte[]>> results(String id) {
        return cluster.read(id + "-results");
    }

    private EngineConfig config(CommitPolicy policy) {
        EngineConfig usual = cluster.engineConfig("node-" + policy.text());
        return new EngineConfig(
                usual.bootstrapServers(),
                usual.schemaRegistryUrl(),
                usual.nodeId(),
                usual.stateDir(),
                usual.topicPrefix(),
                usual.replicationFactor(),
                usual.topicPartitions(),
                Map.of(CommitPolicy.KEY, policy.text()),
                EngineLimits.DEFAULT,
                AwsAccount.DEFAULT);
    }

    private static List<ProducerRecord<byte[], byte[]>> events(String id, int from, int to) {
        var events = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = from; i < to; i++) {
            events.add(event(id + "-events", "key-" + i % KEYS, "key-" + i % KEYS + ":" + i));
        }
        return events;
    }
}
