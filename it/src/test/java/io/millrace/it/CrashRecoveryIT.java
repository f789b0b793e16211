package io.millrace.it;

import static io.millrace.it.harness.TestCluster.event;
import static io.millrace.it.harness.TestCluster.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Trigger;
import io.millrace.it.harness.EngineProcess;
import io.millrace.it.harness.FunctionJar;
import io.millrace.it.harness.TestCluster;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** A node that is killed in the middle of its work: nothing lost, nothing written twice. */
final class CrashRecoveryIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String TRIGGER = "uneven";
    private static final String EVENTS_TOPIC = "uneven-events";
    private static final String RESULTS = "uneven-results";
    private static final int EVENTS = 6_000;
    private static final int KEYS = 60;
    private static final int KILLS = 3;

    /** Most events take no time, some up to 60 ms, a few 400 ms; every 97th fails once. */
    private static final String UNEVEN =
            """
            import io.millrace.functions.*;
            public class Uneven implements Handler<String, String> {
                public String handle(String event, Context context) throws Exception {
                    int number = Integer.parseInt(event.substring(event.indexOf(':') + 1));
                    long millis = number % 311 == 0 ? 400 : number % 13 == 0 ? number % 60 : 0;
                    if (millis > 0) new java.util.concurrent.CountDownLatch(1).await(millis, java.util.concurrent.TimeUnit.MILLISECONDS);
                    if (number % 97 == 0 && context.attempt() == 1) throw new IllegalStateException("the first time");
                    return event;
                }
            }
            """;

    @TempDir Path folder;

    @Test
    void shouldWriteEveryResultOnceAlthoughTheNodeIsKilled()
            throws ExecutionException, IOException, InterruptedException {
        try (TestCluster cluster = TestCluster.start(folder)) {
            deploy(cluster);
            cluster.send(events());

            for (int kill = 1; kill <= KILLS; kill++) {
                try (var node = EngineProcess.start(cluster.engineConfig("node-1"), folder)) {
                    awaitResults(cluster, EVENTS * kill / (KILLS + 2));
                    node.kill();
                }
                // A kill counts only when there was work left to lose.
                assertThat(cluster.read(RESULTS)).hasSizeLessThan(EVENTS);
            }
            try (var node = EngineProcess.start(cluster.engineConfig("node-1"), folder)) {
                awaitResults(cluster, EVENTS);
                assertThat(node.terminate()).isZero();
            }

            assertEveryResultOnceAndInOrder(cluster);
        }
    }

    @Test
    void shouldGoOnOnAnotherNodeWhenOneIsKilled()
            throws ExecutionException, IOException, InterruptedException {
        try (TestCluster cluster = TestCluster.start(folder)) {
            deploy(cluster);
            try (var first = EngineProcess.start(cluster.engineConfig("node-1"), folder);
                    var second = EngineProcess.start(cluster.engineConfig("node-2"), folder)) {
                // Before the first node joins, the group does not exist.
                await().atMost(PATIENCE)
                        .ignoreExceptionsInstanceOf(ExecutionException.class)
                        .until(() -> cluster.members(TRIGGER).size() == 2);
                cluster.send(events());
                awaitResults(cluster, EVENTS / 10);
                first.kill();
                assertThat(cluster.read(RESULTS)).hasSizeLessThan(EVENTS);
                awaitResults(cluster, EVENTS);
                assertThat(second.terminate()).isZero();
            }

            assertEveryResultOnceAndInOrder(cluster);
        }
    }

    private void deploy(TestCluster cluster) throws IOException {
        Trigger trigger =
                TestCluster.trigger(
                        TRIGGER,
                        EVENTS_TOPIC,
                        RetryPolicy.of(3, Duration.ofMillis(50), Duration.ofMillis(200)));
        cluster.deploy(
                trigger, FunctionJar.of(folder, "Uneven", UNEVEN), "Uneven", Duration.ofSeconds(5));
    }

    private static void awaitResults(TestCluster cluster, int enough) {
        await().atMost(PATIENCE).until(() -> cluster.read(RESULTS).size() >= enough);
    }

    private static void assertEveryResultOnceAndInOrder(TestCluster cluster) {
        List<ConsumerRecord<byte[], byte[]>> results = cluster.read(RESULTS);
        assertThat(results.stream().map(record -> text(record.value())))
                .hasSize(EVENTS)
                .doesNotHaveDuplicates();
        assertThat(numbersByKey(results))
                .hasSize(KEYS)
                .allSatisfy((_, numbers) -> assertThat(numbers).isSorted());
        assertThat(cluster.read(TRIGGER + "-failed")).isEmpty();
    }

    private static List<ProducerRecord<byte[], byte[]>> events() {
        var events = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < EVENTS; i++) {
            String key = "key-" + i % KEYS;
            events.add(event(EVENTS_TOPIC, key, key + ":" + i));
        }
        return events;
    }

    private static Map<String, List<Integer>> numbersByKey(
            List<ConsumerRecord<byte[], byte[]>> results) {
        var numbers = new HashMap<String, List<Integer>>();
        for (ConsumerRecord<byte[], byte[]> record : results) {
            String[] parts = text(record.value()).split(":", 2);
            numbers.computeIfAbsent(parts[0], _ -> new ArrayList<>())
                    .add(Integer.valueOf(parts[1]));
        }
        return numbers;
    }
}
