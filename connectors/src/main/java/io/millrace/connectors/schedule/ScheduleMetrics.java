package io.millrace.connectors.schedule;

import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.LinkedHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What a task counts, seen through JMX beside the worker's own metrics.
 *
 * <p>Counters begin at zero with the task. A worker before Kafka 4.1 does not show them. Threading:
 * the task counts, any thread reads.
 */
final class ScheduleMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduleMetrics.class);

    private final AtomicLong ticks = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicLong collapsed = new AtomicLong();
    private final AtomicLong deadLetters = new AtomicLong();
    private final AtomicLong latenessMs = new AtomicLong();
    private final AtomicLong schedules = new AtomicLong();

    void ticked(long lateMs) {
        ticks.incrementAndGet();
        latenessMs.set(lateMs);
    }

    void skipped() {
        skipped.incrementAndGet();
    }

    void collapsed(int missed) {
        collapsed.addAndGet(missed);
    }

    void deadLetter() {
        deadLetters.incrementAndGet();
    }

    /** Makes them visible. */
    void register(int assigned, SourceTaskContext context) {
        schedules.set(assigned);
        try {
            PluginMetrics metrics = context.pluginMetrics();
            add(metrics, "schedules", "Schedules of this task.", schedules::get);
            add(metrics, "ticks-total", "Ticks handed to the worker.", ticks::get);
            add(metrics, "skipped-total", "Missed due times that were skipped.", skipped::get);
            add(
                    metrics,
                    "collapsed-total",
                    "Missed due times that a later tick stands for.",
                    collapsed::get);
            add(metrics, "dead-letters-total", "Ticks that became no event.", deadLetters::get);
            add(
                    metrics,
                    "lateness-ms",
                    "How much later than it should fire the last tick fired.",
                    latenessMs::get);
        } catch (LinkageError | UnsupportedOperationException e) {
            LOG.info("This worker shows no metrics of plugins; it is older than Kafka 4.1");
        }
    }

    private static void add(
            PluginMetrics metrics, String name, String description, LongSupplier value) {
        Gauge<Long> gauge = (config, now) -> value.getAsLong();
        metrics.addMetric(metrics.metricName(name, description, new LinkedHashMap<>()), gauge);
    }
}
