package io.millrace.connectors.table;

import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.PluginMetrics;

import java.util.LinkedHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the transform did; the worker shows it by JMX. Threading: any thread. */
final class ChangeCounts {
    final LongAdder changes = new LongAdder();
    final LongAdder passed = new LongAdder();
    final LongAdder tombstones = new LongAdder();
    final LongAdder truncates = new LongAdder();
    final LongAdder deadLetters = new LongAdder();

    void show(PluginMetrics metrics) {
        add(metrics, "changes-total", "Rows changed or read, told as TableChange", changes);
        add(metrics, "passed-total", "Heartbeats, schema changes and other records let by", passed);
        add(metrics, "tombstones-total", "Tombstones dropped", tombstones);
        add(metrics, "truncates-total", "Tables emptied at once", truncates);
        add(metrics, "dead-letters-total", "Records sent to the dead letters", deadLetters);
    }

    private static void add(PluginMetrics metrics, String name, String what, LongAdder counter) {
        Gauge<Long> gauge = (config, now) -> counter.sum();
        metrics.addMetric(metrics.metricName(name, what, new LinkedHashMap<>()), gauge);
    }
}
