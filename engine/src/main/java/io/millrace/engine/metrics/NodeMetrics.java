package io.millrace.engine.metrics;

import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.JmxReporter;
import org.apache.kafka.common.metrics.KafkaMetricsContext;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;

/**
 * All metrics of a node, as MBeans and as Prometheus text.
 *
 * <p>An MBean is named {@code millrace.engine:type=GROUP,node=NODE[,trigger=...][,partition=...]};
 * its attributes are the metrics. Threading: any thread.
 */
public final class NodeMetrics implements AutoCloseable {
    private static final String DOMAIN = "millrace.engine";

    private final String node;
    private final Metrics metrics =
            new Metrics(
                    new MetricConfig(),
                    List.of(new JmxReporter()),
                    Time.SYSTEM,
                    new KafkaMetricsContext(DOMAIN));
    private final Map<Entry, LongSupplier> entries =
            new ConcurrentSkipListMap<>(
                    Comparator.comparing((Entry entry) -> entry.metric().prometheusName())
                            .thenComparing(entry -> entry.tags().toString()));

    public NodeMetrics(String node) {
        this.node = node;
    }

    /** A metric of something in particular. */
    private record Entry(Metric metric, Map<String, String> tags) {}

    /**
     * Shows a metric; in place of one of the same name and tags, if there is one.
     *
     * @param more tags besides the node, in pairs of name and value
     * @param value asked for by any thread, and must be quick
     */
    public void show(Metric metric, LongSupplier value, String... more) {
        Map<String, String> tags = tags(more);
        MetricName name = name(metric, tags);
        entries.put(new Entry(metric, tags), value);
        var _ = metrics.removeMetric(name);
        metrics.addMetric(name, (Gauge<Long>) (_, _) -> value.getAsLong());
    }

    /** Shows no metric of this scope any more for these tags. */
    public void hide(Metric.Scope scope, String... more) {
        Map<String, String> tags = tags(more);
        Metric.of(scope)
                .forEach(metric -> {
                    entries.remove(new Entry(metric, tags));
                    var _ = metrics.removeMetric(name(metric, tags));
                });
    }

    private Map<String, String> tags(String... more) {
        var tags = new LinkedHashMap<String, String>();
        tags.put("node", node);
        for (int i = 0; i < more.length; i += 2) {
            tags.put(more[i], more[i + 1]);
        }
        return tags;
    }

    private MetricName name(Metric metric, Map<String, String> tags) {
        return metrics.metricName(
                metric.name(), metric.scope().group(), metric.description(), tags);
    }

    /** The present values in Prometheus' text format. */
    public String prometheusText() {
        var text = new StringBuilder();
        String[] last = {""};
        entries.forEach((entry, value) -> {
            String name = entry.metric().prometheusName();
            if (!name.equals(last[0])) {
                last[0] = name;
                text.append("# HELP ").append(name).append(' ');
                text.append(entry.metric().description()).append('\n');
                text.append("# TYPE ").append(name).append(' ').append(type(entry)).append('\n');
            }
            text.append(name).append(labels(entry.tags())).append(' ');
            text.append(value.getAsLong()).append('\n');
        });
        return text.toString();
    }

    private static String type(Entry entry) {
        return switch (entry.metric().kind()) {
            case GAUGE -> "gauge";
            case COUNTER -> "counter";
        };
    }

    private static String labels(Map<String, String> tags) {
        var text = new StringBuilder("{");
        tags.forEach((name, value) -> {
            text.append(text.length() > 1 ? "," : "").append(name).append("=\"");
            text.append(value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
            text.append('"');
        });
        return text.append('}').toString();
    }

    @Override
    public void close() {
        metrics.close();
    }
}
