package io.millrace.it;

import static io.millrace.it.harness.TestCluster.event;
import static io.millrace.it.harness.TestCluster.header;
import static io.millrace.it.harness.TestCluster.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.app.Engine;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Trigger;
import io.millrace.it.harness.FunctionJar;
import io.millrace.it.harness.TestCluster;
import io.millrace.schemas.AttemptOutcome;
import io.millrace.schemas.EventHeaders;
import io.millrace.schemas.MeteringEntry;
import io.millrace.schemas.MeteringRecord;
import io.millrace.schemas.registry.AvroDeserializer;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** The way of an event through a real broker: results, dead letters and metering exactly once. */
final class DeliveryIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final RetryPolicy QUICK =
            RetryPolicy.of(3, Duration.ofMillis(20), Duration.ofMillis(100));

    private static final String ECHO =
            """
            import io.millrace.functions.*;
            public class Echo implements Handler<String, String> {
                public String handle(String event, Context context) {
                    if (event.startsWith("poison")) throw new IllegalStateException("no " + event);
                    if (event.startsWith("never")) throw new NonRetryable("never " + event);
                    return event;
                }
            }
            """;

    private static final String SLOW =
            """
            import io.millrace.functions.*;
            public class Slow implements Handler<String, String> {
                public String handle(String event, Context context) throws Exception {
                    java.util.concurrent.locks.LockSupport.parkNanos(event.hashCode() % 7 == 0 ? 60_000_000L : 1_000_000L);
                    return event;
                }
            }
            """;

    private static final String HANG =
            """
            import io.millrace.functions.*;
            public class Hang implements Handler<String, String> {
                public String handle(String event, Context context) throws Exception {
                    if (event.startsWith("hang")) new java.util.concurrent.CountDownLatch(1).await();
                    return event;
                }
            }
            """;

    @TempDir static Path folder;
    private static TestCluster cluster;

    @BeforeAll
    static void startCluster() {
        cluster = TestCluster.start(folder);
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @Test
    void shouldDeliverPastPoisonedEventsInOrderPerKey()
            throws ExecutionException, IOException, InterruptedException {
        Trigger trigger = TestCluster.trigger("echo", "echo-events", QUICK);
        cluster.deploy(
                trigger, FunctionJar.of(folder, "Echo", ECHO), "Echo", Duration.ofSeconds(5));
        int perKey = 100;
        int keys = 20;
        var events = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < perKey; i++) {
            for (int key = 0; key < keys; key++) {
                events.add(event("echo-events", "key-" + key, "key-" + key + ":" + i));
            }
        }
        events.add(event("echo-events", "key-1", "poison-1"));
        events.add(event("echo-events", "key-2", "never-2"));
        events.add(event("echo-events", "key-1", "key-1:" + perKey));
        cluster.send(events);

        try (Engine _ = cluster.startEngine("node-1")) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> {
                        assertThat(cluster.read("echo-results")).hasSize(perKey * keys + 1);
                        assertThat(cluster.read("echo-failed")).hasSize(2);
                    });
        }

        assertThat(sequences(cluster.read("echo-results")))
                .hasSize(keys)
                .allSatisfy((_, numbers) -> assertThat(numbers).isSorted().doesNotHaveDuplicates());
        List<ConsumerRecord<byte[], byte[]>> dead = cluster.read("echo-failed");
        assertThat(dead)
                .anySatisfy(record -> {
                    assertThat(text(record.value())).isEqualTo("poison-1");
                    assertThat(header(record, EventHeaders.ATTEMPT)).isEqualTo("3");
                    assertThat(header(record, EventHeaders.CONDITION))
                            .isEqualTo("RetryAttemptsExhausted");
                    assertThat(header(record, EventHeaders.ERROR_MESSAGE)).isEqualTo("no poison-1");
                })
                .anySatisfy(record -> {
                    assertThat(text(record.value())).isEqualTo("never-2");
                    assertThat(header(record, EventHeaders.ATTEMPT)).isEqualTo("1");
                    assertThat(header(record, EventHeaders.CONDITION)).isEqualTo("NonRetryable");
                });
        List<MeteringEntry> metering = metering("echo");
        assertThat(metering).hasSize(perKey * keys + 1 + 3 + 1);
        assertThat(metering)
                .filteredOn(entry -> entry.getOutcome() != AttemptOutcome.SUCCEEDED)
                .extracting(MeteringEntry::getAttempt)
                .containsExactlyInAnyOrder(1, 2, 3, 1);
    }

    @Test
    void shouldResumeAfterARestartWithoutLossOrRepetition()
            throws ExecutionException, IOException, InterruptedException {
        Trigger trigger = TestCluster.trigger("slow", "slow-events", QUICK);
        cluster.deploy(
                trigger, FunctionJar.of(folder, "Slow", SLOW), "Slow", Duration.ofSeconds(5));
        int before = 3_000;
        int count = 3_500;

        cluster.send(slowEvents(0, before));
        try (Engine _ = cluster.startEngine("node-2")) {
            await().atMost(PATIENCE).until(() -> cluster.read("slow-results").size() > before / 10);
        }
        // However much the first node got done, there is work left for the second.
        cluster.send(slowEvents(before, count));
        try (Engine _ = cluster.startEngine("node-2")) {
            await().atMost(PATIENCE).until(() -> cluster.read("slow-results").size() >= count);
        }

        List<ConsumerRecord<byte[], byte[]>> results = cluster.read("slow-results");
        var values = new HashSet<String>();
        results.forEach(record -> values.add(text(record.value())));
        assertThat(results).hasSize(count);
        assertThat(values).hasSize(count);
        assertThat(sequences(results)).allSatisfy((_, numbers) -> assertThat(numbers).isSorted());
        assertThat(metering("slow")).hasSize(count);
    }

    @Test
    void shouldEndAnAttemptAtItsDeadline()
            throws ExecutionException, IOException, InterruptedException {
        Trigger trigger = TestCluster.trigger("hang", "hang-events", QUICK);
        cluster.deploy(
                trigger, FunctionJar.of(folder, "Hang", HANG), "Hang", Duration.ofMillis(300));
        var events = new ArrayList<ProducerRecord<byte[], byte[]>>();
        events.add(event("hang-events", "a", "hang"));
        events.add(event("hang-events", "a", "next of the same key"));
        events.add(event("hang-events", "b", "other"));
        cluster.send(events);

        try (Engine _ = cluster.startEngine("node-3")) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> {
                        assertThat(cluster.read("hang-results")).hasSize(2);
                        assertThat(cluster.read("hang-failed")).hasSize(1);
                    });
        }

        assertThat(header(cluster.read("hang-failed").getFirst(), EventHeaders.ERROR_MESSAGE))
                .endsWith("Task timed out after 0.3 seconds");
        assertThat(metering("hang"))
                .filteredOn(entry -> entry.getOutcome() == AttemptOutcome.TIMED_OUT)
                .hasSize(3)
                .allSatisfy(entry -> assertThat(entry.getBilledMillis()).isEqualTo(300));
    }

    private static List<ProducerRecord<byte[], byte[]>> slowEvents(int from, int to) {
        var events = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = from; i < to; i++) {
            events.add(event("slow-events", "key-" + i % 40, "key-" + i % 40 + ":" + i));
        }
        return events;
    }

    private static Map<String, List<Integer>> sequences(
            List<ConsumerRecord<byte[], byte[]>> results) {
        var sequences = new HashMap<String, List<Integer>>();
        for (ConsumerRecord<byte[], byte[]> record : results) {
            String[] parts = text(record.value()).split(":", 2);
            sequences
                    .computeIfAbsent(parts[0], _ -> new ArrayList<>())
                    .add(Integer.valueOf(parts[1]));
        }
        return sequences;
    }

    private static List<MeteringEntry> metering(String trigger) {
        var deserializer = new AvroDeserializer<MeteringRecord>();
        deserializer.configure(
                Map.of("schema.registry.url", cluster.registryUrl(), "specific.avro.reader", true),
                false);
        String topic = TestCluster.NAMES.metering();
        return cluster.read(topic).stream()
                .map(record -> deserializer.deserialize(topic, record.value()))
                .filter(record -> record.getTrigger().equals(trigger))
                .flatMap(record -> record.getEntries().stream())
                .toList();
    }
}
