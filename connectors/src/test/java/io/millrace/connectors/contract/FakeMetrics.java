package io.millrace.connectors.contract;

import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.MetricValueProvider;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.Sensor;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The metrics of a task, by name. */
final class FakeMetrics implements PluginMetrics {
    private final Map<String, Gauge<?>> gauges = new HashMap<>();

    long value(String name) {
        Gauge<?> gauge = gauges.get(name);
        if (gauge == null) {
            throw new IllegalArgumentException("'" + name + "' is none of " + gauges.keySet());
        }
        return ((Number) gauge.value(new MetricConfig(), 0)).longValue();
    }

    @Override
    @SuppressWarnings("NonApiType") // Kafka's interface.
    public MetricName metricName(
            String name, String description, LinkedHashMap<String, String> tags) {
        return new MetricName(name, "plugins", description, tags);
    }

    @Override
    public void addMetric(MetricName name, MetricValueProvider<?> provider) {
        gauges.put(name.name(), (Gauge<?>) provider);
    }

    @Override
    public void removeMetric(MetricName name) {
        gauges.remove(name.name());
    }

    @Override
    public Sensor addSensor(String name) {
        throw new UnsupportedOperationException("No task of ours has sensors");
    }

    @Override
    public void removeSensor(String name) {
        throw new UnsupportedOperationException("No task of ours has sensors");
    }
}
