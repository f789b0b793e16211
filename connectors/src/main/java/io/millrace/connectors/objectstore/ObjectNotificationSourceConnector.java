package io.millrace.connectors.objectstore;

import io.millrace.connectors.PluginVersion;
import io.millrace.connectors.queue.RepeatWindow;
import io.millrace.connectors.sqs.SqsQueues;

import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes an event for each object that a store notifies of: on a Kafka topic, or by posts to a URL.
 *
 * <p>One task, whatever {@code tasks.max} is: it knows the order of an object's notifications.
 * Threading: the worker's.
 */
public final class ObjectNotificationSourceConnector extends SourceConnector {
    private Map<String, String> properties = Map.of();

    /** For the worker. */
    public ObjectNotificationSourceConnector() {
        // Needed by the worker, which makes it by reflection.
    }

    @Override
    public String version() {
        return PluginVersion.get();
    }

    @Override
    public ConfigDef config() {
        return NotificationConfig.DEFINITION;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return ObjectNotificationSourceTask.class;
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
        // Nothing runs in the connector.
    }

    /** Everything that is wrong, at once. */
    @Override
    public Config validate(Map<String, String> connectorProperties) {
        Config checked = super.validate(connectorProperties);
        List<ConfigValue> values = new ArrayList<>(checked.configValues());
        Map<String, ConfigValue> byName = new TreeMap<>();
        values.forEach(value -> byName.put(value.name(), value));
        ObjectStoreSourceConnector.checkSizes(byName);
        NotificationConfig.faults(connectorProperties)
                .forEach((key, fault) ->
                        ObjectStoreSourceConnector.error(
                                byName,
                                byName.containsKey(key) ? key : NotificationConfig.TRANSPORT,
                                fault));
        if (values.stream().allMatch(value -> value.errorMessages().isEmpty())) {
            checkQueue(connectorProperties, byName);
        }
        connectorProperties.keySet().stream()
                .filter(key ->
                        key.startsWith(NotificationConfig.KEY_PREFIX)
                                || key.startsWith(ObjectStoreSourceConfig.KEY_PREFIX))
                .filter(key -> !key.startsWith(NotificationConfig.KAFKA_CONSUMER))
                .filter(key -> !byName.containsKey(key))
                .sorted()
                .forEach(key ->
                        values.add(ObjectStoreSourceConnector.unknownKey(key, byName.keySet())));
        return new Config(values);
    }

    private static void checkQueue(
            Map<String, String> properties, Map<String, ConfigValue> byName) {
        if (properties.getOrDefault(NotificationConfig.TRANSPORT, "").equals("sqs")) {
            try {
                SqsQueues.one(properties, InstantSource.system());
            } catch (ConfigException e) {
                ObjectStoreSourceConnector.error(
                        byName, NotificationConfig.TRANSPORT, String.valueOf(e.getMessage()));
            }
        }
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
        boolean kafka =
                connectorProperties
                        .getOrDefault(NotificationConfig.TRANSPORT, "kafka")
                        .equals("kafka");
        if (!kafka) {
            RepeatWindow.checkOffsets(offsets);
            return true;
        }
        offsets.forEach((partition, offset) -> {
            Optional<String> fault =
                    // No offset: the operator wants it read from the start position.
                    offset == null ? Optional.empty() : KafkaNotifications.fault(partition, offset);
            if (fault.isPresent()) {
                throw new ConnectException(
                        "Source offset of '" + partition + "' cannot be set: " + fault.get());
            }
        });
        return true;
    }
}
