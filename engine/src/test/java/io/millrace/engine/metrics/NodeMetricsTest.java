package io.millrace.engine.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicLong;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

final class NodeMetricsTest {
    private final MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    private final NodeMetrics metrics = new NodeMetrics("metrics-test");

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void shouldShowPresentValuesOverJmxUntilTheyAreHidden() throws JMException {
        var value = new AtomicLong(1);
        metrics.show(Metric.EVENTS, value::get, "trigger", "orders", "partition", "3");
        var name =
                new ObjectName(
                        "millrace.engine:type=partition-metrics,node=metrics-test,trigger=orders,"
                                + "partition=3");
        assertThat(beans.getAttribute(name, "events")).isEqualTo(1L);
        value.set(7);
        assertThat(beans.getAttribute(name, "events")).isEqualTo(7L);

        metrics.hide(Metric.Scope.PARTITION, "trigger", "orders", "partition", "3");

        assertThat(beans.isRegistered(name)).isFalse();
        assertThat(metrics.prometheusText()).isEmpty();
    }

    @Test
    void shouldTakeTheNewestOfEqualMetrics() throws JMException {
        metrics.show(Metric.PERMITS, () -> 1, "trigger", "orders");
        metrics.show(Metric.PERMITS, () -> 2, "trigger", "orders");

        var name =
                new ObjectName(
                        "millrace.engine:type=trigger-metrics,node=metrics-test,trigger=orders");
        assertThat(beans.getAttribute(name, "permits")).isEqualTo(2L);
        assertThat(metrics.prometheusText()).contains(" 2\n").doesNotContain(" 1\n");
    }

    @Test
    void shouldWritePrometheusTextWithOneHeadPerName() {
        metrics.show(Metric.SUCCEEDED, () -> 5, "trigger", "a\"b\\c");
        metrics.show(Metric.SUCCEEDED, () -> 6, "trigger", "z");

        assertThat(metrics.prometheusText())
                .isEqualTo(
                        """
                        # HELP millrace_trigger_events_succeeded_total Events that were handled.
                        # TYPE millrace_trigger_events_succeeded_total counter
                        millrace_trigger_events_succeeded_total{node="metrics-test",trigger="a\\"b\\\\c"} 5
                        millrace_trigger_events_succeeded_total{node="metrics-test",trigger="z"} 6
                        """);
    }

    @Test
    void shouldServeMetricsOnLoopbackAndNothingElse() throws IOException, InterruptedException {
        metrics.show(Metric.CALLS_RUNNING, () -> 4);
        try (var endpoint = MetricsEndpoint.start(metrics, 0);
                HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> found = get(client, endpoint, "/metrics");
            assertThat(found.statusCode()).isEqualTo(200);
            assertThat(found.body())
                    .contains("millrace_node_calls_running{node=\"metrics-test\"} 4");
            assertThat(get(client, endpoint, "/metrics/more").statusCode()).isEqualTo(404);
            assertThat(get(client, endpoint, "/").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void shouldSayWhichPortIsTaken() {
        try (var first = MetricsEndpoint.start(metrics, 0)) {
            assertThatThrownBy(() -> MetricsEndpoint.start(metrics, first.port()))
                    .isInstanceOfSatisfying(
                            MillraceException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.IN_USE))
                    .hasMessageContaining("port '" + first.port() + "' ('metrics.port')");
        }
    }

    private static HttpResponse<String> get(
            HttpClient client, MetricsEndpoint endpoint, String path)
            throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + endpoint.port() + path);
        return client.send(
                HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
