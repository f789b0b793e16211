package io.millrace.connectors.contract;

import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.json.JsonConverterConfig;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The part of a Connect worker that a task sees: its source offsets, kept as the JSON that a worker
 * keeps, so that numbers come back in the types that they come back in.
 */
public final class FakeWorker implements SourceTaskContext, OffsetStorageReader {
    private final JsonConverter json = new JsonConverter();
    private final Map<String, byte[]> offsets = new HashMap<>();
    private final FakeMetrics metrics = new FakeMetrics();
    private int reads;

    public FakeWorker() {
        json.configure(Map.of(JsonConverterConfig.SCHEMAS_ENABLE_CONFIG, false), false);
    }

    /** The records were delivered and their offsets stored: of each source partition the last. */
    public void deliver(Collection<SourceRecord> records) {
        Map<Map<String, ?>, Map<String, ?>> latest = new HashMap<>();
        records.forEach(record -> latest.put(record.sourcePartition(), record.sourceOffset()));
        latest.forEach(this::store);
    }

    /** Bytes of all stored offsets, as a worker keeps them. */
    public long storedBytes() {
        return offsets.entrySet().stream()
                .mapToLong(each -> each.getKey().length() + each.getValue().length)
                .sum();
    }

    /** An offset that was stored before, by whatever means. */
    public void store(Map<String, ?> partition, Map<String, ?> offset) {
        offsets.put(partition(partition), json.fromConnectData("offsets", null, offset));
    }

    /** What a metric of the task says; of several of one name the youngest. */
    public long metric(String name) {
        return metrics.value(name);
    }

    /** How often the task asked for stored offsets. */
    public int reads() {
        return reads;
    }

    /** Number of source partitions with an offset. */
    public int partitions() {
        return offsets.size();
    }

    @Override
    public Map<String, String> configs() {
        return Map.of();
    }

    @Override
    public OffsetStorageReader offsetStorageReader() {
        return this;
    }

    @Override
    public PluginMetrics pluginMetrics() {
        return metrics;
    }

    @Override
    @SuppressWarnings("NullAway") // Kafka's interface: no offset is null.
    public <T> Map<String, Object> offset(Map<String, T> partition) {
        return offsets(java.util.List.of(partition)).get(partition);
    }

    @Override
    public <T> Map<Map<String, T>, Map<String, Object>> offsets(
            Collection<Map<String, T>> partitions) {
        reads++;
        Map<Map<String, T>, Map<String, Object>> found = new HashMap<>();
        for (Map<String, T> partition : partitions) {
            byte @Nullable [] stored = offsets.get(partition(partition));
            if (stored != null) {
                found.put(partition, asMap(json.toConnectData("offsets", stored).value()));
            }
        }
        return found;
    }

    private static String partition(Map<String, ?> partition) {
        return new java.util.TreeMap<>(partition).toString();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asMap(Object value) {
        return (Map<String, Object>) value;
    }
}
