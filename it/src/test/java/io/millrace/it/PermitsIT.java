package io.millrace.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.app.Engine;
import io.millrace.engine.model.LoadPolicy;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.it.harness.FunctionDeployment;
import io.millrace.it.harness.FunctionJar;
import io.millrace.it.harness.TestCluster;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Fewer calls at a time than partitions, over two nodes. */
final class PermitsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PARTITIONS = 4;
    private static final int PER_PARTITION = 200;

    /** Both nodes are in this process: how many calls run is counted where all of it can see it. */
    private static final String CROWD =
            """
            import io.millrace.functions.*;
            import java.util.concurrent.TimeUnit;
            import java.util.concurrent.atomic.AtomicInteger;
            public class Crowd implements Handler<String, String> {
                private static AtomicInteger count(String name) {
                    return (AtomicInteger) System.getProperties().get("millrace.test." + name);
                }
                public String handle(String event, Context context) throws InterruptedException {
                    int now = count("running").incrementAndGet();
                    count("most").accumulateAndGet(now, Math::max);
                    try {
                        TimeUnit.MILLISECONDS.sleep(10);
                    } finally {
                        count("running").decrementAndGet();
                    }
                    return event;
                }
            }
            """;

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 2"})
    void shouldNeverRunMoreCallsThanAllowedAndStarveNoPartition(int permits, int nodes)
            throws IOException, ExecutionException, InterruptedException {
        var most = new AtomicInteger();
        System.getProperties().put("millrace.test.running", new AtomicInteger());
        System.getProperties().put("millrace.test.most", most);
        try (TestCluster cluster = TestCluster.start(folder)) {
            Trigger trigger =
                    TestCluster.trigger("crowd", "crowd-events", RetryPolicy.DEFAULT)
                            .withLoad(LoadPolicy.of(permits));
            new FunctionDeployment(cluster.cluster(), cluster.registryUrl())
                    .publish(
                            trigger,
                            PARTITIONS,
                            FunctionJar.of(folder, "Crowd", CROWD),
                            "Crowd",
                            Duration.ofMinutes(1),
                            Map.of());
            try (Engine first = cluster.startEngine("first");
                    Engine second = cluster.startEngine("second")) {
                for (Engine engine : List.of(first, second)) {
                    await().atMost(PATIENCE)
                            .until(() -> TestCluster.isRunning(engine, new TriggerId("crowd")));
                }
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(cluster.members("crowd")).hasSize(nodes));

                cluster.send(events());

                Map<String, Long> progress =
                        await().atMost(PATIENCE)
                                .until(() -> progress(cluster), done -> done.size() == PARTITIONS);
                assertThat(progress.values())
                        .as("all partitions go on side by side: %s", progress)
                        .allMatch(done -> done < PER_PARTITION);
                await().atMost(PATIENCE)
                        .until(() ->
                                cluster.read("crowd-results").size() == PARTITIONS * PER_PARTITION);
            }
            assertThat(most.get()).isPositive().isLessThanOrEqualTo(permits);
        } finally {
            System.getProperties().remove("millrace.test.running");
            System.getProperties().remove("millrace.test.most");
        }
    }

    private static List<ProducerRecord<byte[], byte[]>> events() {
        var events = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < PER_PARTITION; i++) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                events.add(
                        new ProducerRecord<>(
                                "crowd-events",
                                partition,
                                ("k" + i).getBytes(StandardCharsets.UTF_8),
                                ("p" + partition).getBytes(StandardCharsets.UTF_8)));
            }
        }
        return events;
    }

    /** How many events of each partition are done. */
    private static Map<String, Long> progress(TestCluster cluster) {
        return cluster.read("crowd-results").stream()
                .map(ConsumerRecord::value)
                .collect(Collectors.groupingBy(TestCluster::text, Collectors.counting()));
    }
}
