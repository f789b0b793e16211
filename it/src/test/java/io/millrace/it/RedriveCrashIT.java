package io.millrace.it;

import static io.millrace.it.harness.TestCluster.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.app.Engine;
import io.millrace.engine.cli.Millrace;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Trigger;
import io.millrace.it.harness.ChildProcess;
import io.millrace.it.harness.FunctionJar;
import io.millrace.it.harness.JavaCommand;
import io.millrace.it.harness.TestCluster;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/** A redrive that is killed and begun again sends every dead letter once. */
final class RedriveCrashIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int EVENTS = 60;
    private static final String MENDED = "millrace.test.mended";

    private static final String BROKEN =
            """
            import io.millrace.functions.*;
            public class Broken implements Handler<String, String> {
                public String handle(String event, Context context) {
                    if (System.getProperty("millrace.test.mended") == null) {
                        throw new NonRetryable("not yet");
                    }
                    return event;
                }
            }
            """;

    @TempDir Path folder;

    @Test
    void shouldLoseNothingAndSendNothingTwiceWhenItIsKilled()
            throws IOException, ExecutionException, InterruptedException {
        try (TestCluster cluster = TestCluster.start(folder);
                Engine engine = cluster.startEngine("one")) {
            assertThat(engine.triggers()).isEmpty();
            Trigger trigger = TestCluster.trigger("again", "again-events", RetryPolicy.DEFAULT);
            cluster.deploy(
                    trigger,
                    FunctionJar.of(folder, "Broken", BROKEN),
                    "Broken",
                    Duration.ofSeconds(5));
            cluster.send(events());
            await().atMost(PATIENCE).until(() -> cluster.read("again-failed").size() == EVENTS);
            System.setProperty(MENDED, "yes");

            killHalfway(cluster);
            int before = cluster.read("again-events").size();
            assertThat(before).as("it was at work").isBetween(EVENTS + 1, 2 * EVENTS - 1);
            String told = redrive(cluster);

            assertThat(told).contains(" redriven");
            await().atMost(PATIENCE).until(() -> cluster.read("again-results").size() >= EVENTS);
            assertThat(values(cluster, "again-results"))
                    .containsExactlyInAnyOrderElementsOf(numbers());
            List<String> twice = new ArrayList<>(numbers());
            twice.addAll(numbers());
            assertThat(values(cluster, "again-events")).containsExactlyInAnyOrderElementsOf(twice);
        } finally {
            System.clearProperty(MENDED);
        }
    }

    private void killHalfway(TestCluster cluster) throws IOException {
        Path output = Files.createDirectory(folder.resolve("output"));
        var command = new ArrayList<>(arguments(cluster));
        command.add("--rate");
        command.add("10");
        try (ChildProcess redrive =
                ChildProcess.start(
                        output,
                        output,
                        new TreeMap<>(System.getenv()),
                        JavaCommand.of(
                                List.of("-Xmx256m"),
                                "io.millrace.engine.cli.Millrace",
                                command.toArray(String[]::new)))) {
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(cluster.read("again-events"))
                                    .as(() -> redrive.err().toString())
                                    .hasSizeGreaterThan(EVENTS + 5));
        }
    }

    private static String redrive(TestCluster cluster) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code =
                Millrace.run(
                        new PrintWriter(out),
                        new PrintWriter(err),
                        arguments(cluster).toArray(String[]::new));
        assertThat(code).as(err.toString()).isZero();
        return out.toString();
    }

    private static List<String> arguments(TestCluster cluster) {
        return List.of(
                "trigger",
                "redrive",
                "again",
                "--bootstrap-servers",
                cluster.bootstrapServers(),
                "--schema-registry-url",
                cluster.registryUrl());
    }

    private static List<ProducerRecord<byte[], byte[]>> events() {
        return numbers().stream().map(number -> event("again-events", number, number)).toList();
    }

    private static List<String> numbers() {
        return IntStream.range(0, EVENTS).mapToObj(i -> "e" + i).toList();
    }

    private static List<String> values(TestCluster cluster, String topic) {
        return cluster.read(topic).stream()
                .map(ConsumerRecord::value)
                .map(TestCluster::text)
                .toList();
    }
}
