package io.millrace.connectors.queue;

import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that is wrong with the configuration of a queue connector, at once: each key by
 * itself, keys that belong together, unknown keys, and at last the queues, if they answer.
 */
public final class QueueValidation {
    private static final Logger LOG = LoggerFactory.getLogger(QueueValidation.class);

    private final ConfigDef definition;
    private final String prefix;
    private final String queuesKey;

    /**
     * @param prefix of the connector's own keys
     * @param queuesKey the key that names the queues
     */
    public QueueValidation(ConfigDef definition, String prefix, String queuesKey) {
        this.definition = definition;
        this.prefix = prefix;
        this.queuesKey = queuesKey;
    }

    /**
     * Adds to what the definition found.
     *
     * @param checked the definition's result
     */
    public Config check(Config checked, Map<String, String> properties, Probe probe) {
        List<ConfigValue> values = new ArrayList<>(checked.configValues());
        Map<String, ConfigValue> byName = new TreeMap<>();
        values.forEach(value -> byName.put(value.name(), value));
        String topic = properties.getOrDefault(QueueSettings.TOPIC, "");
        if (!topic.isEmpty() && topic.equals(properties.get(QueueSettings.DEAD_LETTER_TOPIC))) {
            error(byName, QueueSettings.DEAD_LETTER_TOPIC, QueueSettings.SAME_TOPIC);
        }
        values.addAll(unknownKeys(properties));
        if (values.stream().allMatch(value -> value.errorMessages().isEmpty())) {
            ask(properties, byName, probe);
        }
        return new Config(values);
    }

    /** Says what is wrong with two keys that belong together, if only one of them is set. */
    public static void both(Config checked, Map<String, String> properties, List<String> keys) {
        List<String> missing =
                keys.stream().filter(key -> properties.getOrDefault(key, "").isEmpty()).toList();
        if (!missing.isEmpty() && missing.size() < keys.size()) {
            checked.configValues().stream()
                    .filter(value -> missing.contains(value.name()))
                    .forEach(value ->
                            value.addErrorMessage(
                                    "'"
                                            + String.join("' and '", keys)
                                            + "' belong together, '"
                                            + value.name()
                                            + "' is missing; set both or none"));
        }
    }

    /** A misspelt key would otherwise be a setting that silently does nothing. */
    private List<ConfigValue> unknownKeys(Map<String, String> properties) {
        return properties.keySet().stream()
                .filter(key -> key.startsWith(prefix) || key.startsWith(QueueSettings.KEY_PREFIX))
                .filter(key -> !definition.names().contains(key))
                .sorted()
                .map(this::unknownKey)
                .toList();
    }

    private ConfigValue unknownKey(String key) {
        ConfigValue value = new ConfigValue(key);
        value.addErrorMessage(
                "'"
                        + key
                        + "' is no key of this connector; it knows "
                        + definition.names().stream().sorted().toList());
        return value;
    }

    private void ask(Map<String, String> properties, Map<String, ConfigValue> byName, Probe probe) {
        try {
            probe.ask(properties);
        } catch (QueueException e) {
            if (e.configKey().isPresent()) {
                error(byName, e.configKey().get(), e.text());
            } else {
                // It may be down for the moment; the task waits for it.
                LOG.warn("{}; the queues could not be checked", e.text());
            }
        } catch (ConfigException e) {
            error(byName, queuesKey, String.valueOf(e.getMessage()));
        }
    }

    private static void error(Map<String, ConfigValue> byName, String key, String text) {
        ConfigValue value = byName.get(key);
        if (value == null) {
            throw new IllegalStateException("'" + key + "' is not defined");
        }
        value.addErrorMessage(text);
    }

    /** Asks the queues of a configuration whether they are there. */
    @FunctionalInterface
    public interface Probe {
        /** Throws {@link QueueException} if one does not answer or refuses. */
        void ask(Map<String, String> properties);
    }
}
