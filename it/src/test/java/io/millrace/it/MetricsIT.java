package io.millrace.it;

import static io.millrace.it.harness.TestCluster.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.app.Engine;
import io.millrace.engine.config.EngineConfig;
import io.millrace.engine.config.EngineLimits;
import io.millrace.engine.metrics.Metric;
import io.millrace.engine.model.LoadPolicy;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.it.harness.FunctionDeployment;
import io.millrace.it.harness.FunctionJar;
import io.millrace.it.harness.TestCluster;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** What a node shows of a trigger at work, over JMX and as Prometheus text. */
final class MetricsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int EVENTS = 40;

    /** Waits until a file is there, so that the test says when calls end. */
    private static final String GATED =
            """
            import io.millrace.functions.*;
            import java.nio.file.*;
            import java.util.concurrent.TimeUnit;
            public class Gated implements Handler<String, String> {
                public String handle(String event, Context context) throws InterruptedException {
                    if (event.equals("bad")) {
                        throw new NonRetryable("bad");
                    }
                    while (Files.notExists(Path.of(
                            System.getProperty("millrace.test.gate")))) {
                        TimeUnit.MILLISECONDS.sleep(5);
                    }
                    return event;
                }
            }
            """;

    private final MBeanServer beans = ManagementFactory.getPlatformMBeanServer();

    @TempDir Path folder;

    @Test
    void shouldShowWorkAndPausedPartitions()
            throws IOException, ExecutionException, InterruptedException, JMException {
        Path gate = folder.resolve("gate");
        System.setProperty("millrace.test.gate", gate.toString());
        int port = freePort();
        try (TestCluster cluster = TestCluster.start(folder);
                Engine engine = Engine.start(config(cluster, port))) {
            Trigger trigger =
                    TestCluster.trigger("shown", "shown-events", RetryPolicy.DEFAULT)
                            .withLoad(LoadPolicy.of(2));
            new FunctionDeployment(cluster.cluster(), cluster.registryUrl())
                    .publish(
                            trigger,
                            1,
                            FunctionJar.of(folder, "Gated", GATED),
                            "Gated",
                            Duration.ofMinutes(1),
                            Map.of());
            await().atMost(PATIENCE)
                    .until(() -> TestCluster.isRunning(engine, new TriggerId("shown")));
            var events = new ArrayList<ProducerRecord<byte[], byte[]>>();
            events.add(event("shown-events", "bad", "bad"));
            for (int i = 0; i < EVENTS; i++) {
                events.add(event("shown-events", "k" + i, "" + i));
            }
            cluster.send(events);

            // Back-pressure pauses at 20 unfinished events; two calls stand at the gate.
            await().atMost(PATIENCE).until(() -> partition("paused") == 1);
            assertThat(partition("events")).isGreaterThanOrEqualTo(20);
            assertThat(partition("bytes")).isPositive();
            assertThat(trigger("partitions-paused")).isEqualTo(1);
            assertThat(trigger("permits")).isEqualTo(2);
            assertThat(trigger("running")).isEqualTo(2);
            assertThat(trigger("lanes-waiting")).isPositive();
            assertThat(prometheus(port))
                    .contains(
                            "millrace_partition_paused{node=\"metered\",trigger=\"shown\","
                                    + "partition=\"0\"} 1");

            Files.createFile(gate);

            await().atMost(PATIENCE).until(() -> trigger("events-succeeded") == EVENTS);
            await().atMost(PATIENCE).until(() -> partition("events") == 0);
            assertThat(partition("paused")).isZero();
            assertThat(trigger("events-failed")).isEqualTo(1);
            assertThat(trigger("attempts-succeeded")).isEqualTo(EVENTS);
            assertThat(trigger("attempts-failed")).isEqualTo(1);
            await().atMost(PATIENCE).until(() -> trigger("commits") > 0);
            assertThat(trigger("commit-duration-us")).isPositive();
            assertThat(node("triggers-running")).isEqualTo(1);
            showsEveryMetric();
        } finally {
            System.clearProperty("millrace.test.gate");
        }
        assertThat(beans.queryNames(new ObjectName("millrace.engine:node=metered,*"), null))
                .as("nothing is left behind")
                .isEmpty();
    }

    private void showsEveryMetric() throws JMException {
        for (Metric metric : Metric.ALL) {
            long _ =
                    switch (metric.scope()) {
                        case NODE -> node(metric.name());
                        case TRIGGER -> trigger(metric.name());
                        case PARTITION -> partition(metric.name());
                    };
        }
    }

    private long node(String metric) throws JMException {
        return value("type=node-metrics,node=metered", metric);
    }

    private long trigger(String metric) throws JMException {
        return value("type=trigger-metrics,node=metered,trigger=shown", metric);
    }

    private long partition(String metric) throws JMException {
        return value("type=partition-metrics,node=metered,trigger=shown,partition=0", metric);
    }

    private long value(String bean, String metric) throws JMException {
        try {
            return (Long) beans.getAttribute(new ObjectName("millrace.engine:" + bean), metric);
        } catch (InstanceNotFoundException e) {
            throw new AssertionError("no bean " + bean, e);
        }
    }

    private static String prometheus(int port) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:" + port + "/metrics");
            return client.send(
                            HttpRequest.newBuilder(uri).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private static EngineConfig config(TestCluster cluster, int port) {
        return cluster.engineConfig("metered")
                .withLimits(
                        EngineLimits.DEFAULT
                                .withPartitions(new EngineLimits.Partitions(20, 1024 * 1024))
                                .withMetricsPort(port));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
