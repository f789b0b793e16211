package io.millrace.connectors.objectstore;

import io.millrace.connectors.objectstore.ObjectChange.Kind;

import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Counters of a task, among the worker's metrics and so by JMX.
 *
 * <p>Threading: any thread.
 */
final class ObjectStoreMetrics implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectStoreMetrics.class);

    private final Map<MetricName, PluginMetrics> registered = new LinkedHashMap<>();
    private final Map<Kind, AtomicLong> told = new EnumMap<>(Kind.class);
    private final AtomicLong listings = new AtomicLong();
    private final AtomicLong lastListingMillis = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong deadLetters = new AtomicLong();
    private final AtomicLong ignored = new AtomicLong();
    private final AtomicLong knownObjects = new AtomicLong();
    private final LongSupplier size;

    private ObjectStoreMetrics(LongSupplier size) {
        this.size = size;
        for (Kind kind : Kind.values()) {
            told.put(kind, new AtomicLong());
        }
    }

    /**
     * Registers the counters.
     *
     * @param size number of known objects; asked on the task thread only
     */
    static ObjectStoreMetrics of(SourceTaskContext context, LongSupplier size) {
        ObjectStoreMetrics metrics = new ObjectStoreMetrics(size);
        try {
            metrics.register(context.pluginMetrics());
        } catch (NoSuchMethodError e) {
            LOG.info("This worker offers connectors no metrics; it is older than Kafka 4.1");
        }
        return metrics;
    }

    void told(Kind kind) {
        told.getOrDefault(kind, ignored).incrementAndGet();
        knownObjects.set(size.getAsLong());
    }

    void listed(Duration took) {
        listings.incrementAndGet();
        lastListingMillis.set(took.toMillis());
        knownObjects.set(size.getAsLong());
    }

    void failed() {
        failures.incrementAndGet();
    }

    void deadLetter() {
        deadLetters.incrementAndGet();
    }

    void ignored() {
        ignored.incrementAndGet();
    }

    @Override
    public void close() {
        registered.forEach((name, metrics) -> metrics.removeMetric(name));
        registered.clear();
    }

    private void register(PluginMetrics metrics) {
        told.forEach((kind, count) -> {
            String name = kind.name().toLowerCase(Locale.ROOT);
            register(metrics, "events-" + name, "Events " + kind + " told of", count);
        });
        register(metrics, "known-objects", "Objects that are known", knownObjects);
        register(metrics, "listings", "Listings that came to their end", listings);
        register(metrics, "last-listing-ms", "How long the last listing took", lastListingMillis);
        register(metrics, "store-failures", "Requests that the source failed", failures);
        register(metrics, "dead-letters", "Items sent to the dead-letter topic", deadLetters);
        register(metrics, "ignored", "Items that are no event, or a repeated one", ignored);
    }

    private void register(PluginMetrics metrics, String name, String about, AtomicLong value) {
        MetricName metric = metrics.metricName(name, about, new LinkedHashMap<>());
        metrics.addMetric(metric, (Gauge<Long>) (config, now) -> value.get());
        registered.put(metric, metrics);
    }
}
