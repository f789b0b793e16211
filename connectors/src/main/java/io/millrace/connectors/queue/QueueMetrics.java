package io.millrace.connectors.queue;

import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.LinkedHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * What one queue's reader counts, seen through JMX beside the worker's own metrics.
 *
 * <p>Counters begin at zero with the task. A worker before Kafka 4.1 does not show them. Threading:
 * the task counts, any thread reads.
 */
final class QueueMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(QueueMetrics.class);

    final LongAdder received = new LongAdder();
    final LongAdder events = new LongAdder();
    final LongAdder repeats = new LongAdder();
    final LongAdder deadLetters = new LongAdder();
    final LongAdder withoutId = new LongAdder();
    final LongAdder acknowledged = new LongAdder();
    final LongAdder acknowledgeFailures = new LongAdder();
    final LongAdder outages = new LongAdder();
    private volatile long inFlight;
    private volatile long windowSize;
    private volatile long extensions;
    private volatile boolean outage;

    void look(int pending, int known, long extended, boolean isOut) {
        inFlight = pending;
        windowSize = known;
        extensions = extended;
        outage = isOut;
    }

    /** Makes them visible under the name of the queue. */
    void register(String queue, SourceTaskContext context) {
        try {
            Registry registry = new Registry(context.pluginMetrics(), queue);
            registry.add("messages-received-total", "Messages handed out.", received::sum);
            registry.add("events-total", "Messages that became events.", events::sum);
            registry.add(
                    "repeats-dropped-total",
                    "Messages that were handed out again and dropped.",
                    repeats::sum);
            registry.add("dead-letters-total", "Messages that became no event.", deadLetters::sum);
            registry.add(
                    "messages-without-id-total",
                    "Messages whose repeat could not be recognised.",
                    withoutId::sum);
            registry.add("acknowledged-total", "Messages acknowledged.", acknowledged::sum);
            registry.add(
                    "acknowledge-failures-total",
                    "Acknowledgements that failed; the messages come again.",
                    acknowledgeFailures::sum);
            registry.add("outages-total", "How often the queue stopped answering.", outages::sum);
            registry.add("outage", "1 while the queue does not answer.", () -> outage ? 1 : 0);
            registry.add("in-flight", "Messages waiting for their commit.", () -> inFlight);
            registry.add("repeat-window-ids", "Ids that are remembered.", () -> windowSize);
            registry.add("lease-extensions-total", "Leases extended.", () -> extensions);
        } catch (LinkageError e) {
            LOG.info("This worker shows no metrics of plugins; it is older than Kafka 4.1");
        }
    }

    private record Registry(PluginMetrics metrics, String queue) {
        void add(String name, String description, LongSupplier value) {
            LinkedHashMap<String, String> tags = new LinkedHashMap<>();
            tags.put("queue", queue);
            Gauge<Long> gauge = (config, now) -> value.getAsLong();
            metrics.addMetric(metrics.metricName(name, description, tags), gauge);
        }
    }
}
