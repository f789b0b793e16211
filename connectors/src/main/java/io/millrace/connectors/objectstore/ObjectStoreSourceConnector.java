package io.millrace.connectors.objectstore;

import io.millrace.connectors.PluginVersion;

import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Writes an event for each object that is created, overwritten or deleted in a bucket of an
 * S3-compatible object store.
 *
 * <p>One task reads one bucket and prefix, whatever {@code tasks.max} is: one listing has one
 * order. Several prefixes are several connectors. Threading: the worker's.
 */
public final class ObjectStoreSourceConnector extends SourceConnector {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectStoreSourceConnector.class);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(3);

    private final BiFunction<ObjectStoreSourceConfig, Duration, ObjectLister> probes;
    private Map<String, String> properties = Map.of();

    /** For the worker. */
    public ObjectStoreSourceConnector() {
        this(S3ObjectLister::probe);
    }

    ObjectStoreSourceConnector(BiFunction<ObjectStoreSourceConfig, Duration, ObjectLister> probes) {
        this.probes = probes;
    }

    @Override
    public String version() {
        return PluginVersion.get();
    }

    @Override
    public ConfigDef config() {
        return ObjectStoreSourceConfig.DEFINITION;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return ObjectStoreSourceTask.class;
    }

    @Override
    public void start(Map<String, String> connectorProperties) {
        properties = Map.copyOf(connectorProperties);
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return List.of(properties);
    }

    @Override
    public void stop() {
        // Nothing runs in the connector; the task holds the connection.
    }

    /** Everything that is wrong, at once; a store that answers is asked for the bucket, too. */
    @Override
    public Config validate(Map<String, String> connectorProperties) {
        Config checked = super.validate(connectorProperties);
        List<ConfigValue> values = new ArrayList<>(checked.configValues());
        Map<String, ConfigValue> byName = new TreeMap<>();
        values.forEach(value -> byName.put(value.name(), value));
        checkCredentials(connectorProperties, byName);
        checkSizes(byName);
        values.addAll(unknownKeys(connectorProperties));
        if (values.stream().allMatch(value -> value.errorMessages().isEmpty())) {
            probe(connectorProperties, byName);
        }
        return new Config(values);
    }

    @Override
    public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> connectorProperties) {
        return ExactlyOnceSupport.SUPPORTED;
    }

    @Override
    public ConnectorTransactionBoundaries canDefineTransactionBoundaries(
            Map<String, String> connectorProperties) {
        return ConnectorTransactionBoundaries.UNSUPPORTED;
    }

    @Override
    public boolean alterOffsets(
            Map<String, String> connectorProperties, Map<Map<String, ?>, Map<String, ?>> offsets) {
        offsets.forEach((partition, offset) -> {
            Optional<String> fault =
                    // No offset: the operator wants the objects of the chunk forgotten.
                    offset == null ? Optional.empty() : ChunkContent.fault(partition, offset);
            if (fault.isPresent()) {
                throw new ConnectException(
                        "Source offset of '" + partition + "' cannot be set: " + fault.get());
            }
        });
        return true;
    }

    private static void checkCredentials(
            Map<String, String> properties, Map<String, ConfigValue> byName) {
        String access = properties.getOrDefault(ObjectStoreSourceConfig.ACCESS_KEY, "");
        String secret = properties.getOrDefault(ObjectStoreSourceConfig.SECRET_KEY, "");
        if (access.isEmpty() != secret.isEmpty()) {
            error(
                    byName,
                    access.isEmpty()
                            ? ObjectStoreSourceConfig.ACCESS_KEY
                            : ObjectStoreSourceConfig.SECRET_KEY,
                    ObjectStoreSourceConfig.ONE_OF_TWO_CREDENTIALS);
        }
    }

    static void checkSizes(Map<String, ConfigValue> byName) {
        ConfigValue least = byName.get(ObjectFilter.MIN_SIZE);
        ConfigValue most = byName.get(ObjectFilter.MAX_SIZE);
        if (least != null
                && most != null
                && least.value() instanceof Long min
                && most.value() instanceof Long max
                && min > max) {
            least.addErrorMessage(
                    "Invalid value "
                            + min
                            + " for configuration "
                            + ObjectFilter.MIN_SIZE
                            + ": allowed: not more than "
                            + ObjectFilter.MAX_SIZE
                            + ", which is "
                            + max);
        }
    }

    /** A misspelt key would otherwise be a setting that silently does nothing. */
    private static List<ConfigValue> unknownKeys(Map<String, String> properties) {
        return properties.keySet().stream()
                .filter(key -> key.startsWith(ObjectStoreSourceConfig.KEY_PREFIX))
                .filter(key -> !ObjectStoreSourceConfig.DEFINITION.names().contains(key))
                .sorted()
                .map(key -> unknownKey(key, ObjectStoreSourceConfig.DEFINITION.names()))
                .toList();
    }

    static ConfigValue unknownKey(String key, Set<String> known) {
        ConfigValue value = new ConfigValue(key);
        value.addErrorMessage(
                "'"
                        + key
                        + "' is no key of this connector; it knows "
                        + known.stream().sorted().toList());
        return value;
    }

    private void probe(Map<String, String> properties, Map<String, ConfigValue> byName) {
        try {
            ObjectStoreSourceConfig config = ObjectStoreSourceConfig.of(properties);
            try (ObjectLister lister = probes.apply(config, PROBE_TIMEOUT)) {
                lister.list(Optional.empty());
            }
        } catch (StoreException e) {
            if (e.configKey().isPresent()) {
                error(byName, e.configKey().get(), e.text());
            } else {
                // The store may be down for the moment; the task waits for it.
                LOG.warn("{}; the bucket could not be checked", e.text());
            }
        } catch (ConfigException e) {
            error(byName, ObjectStoreSourceConfig.BUCKET, String.valueOf(e.getMessage()));
        }
    }

    static void error(Map<String, ConfigValue> byName, String key, String text) {
        ConfigValue value = byName.get(key);
        if (value == null) {
            throw new IllegalStateException("'" + key + "' is not defined");
        }
        value.addErrorMessage(text);
    }
}
