package io.millrace.connectors.schedule;

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
import org.apache.kafka.connect.util.ConnectorUtils;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes an event for each due time of its schedules.
 *
 * <p>The schedules are shared out among {@code tasks.max} tasks. Threading: the worker's.
 */
public final class ScheduleSourceConnector extends SourceConnector {
    private Map<String, String> properties = Map.of();

    /** For the worker. */
    public ScheduleSourceConnector() {}

    @Override
    public String version() {
        return PluginVersion.get();
    }

    @Override
    public ConfigDef config() {
        return ScheduleSourceConfig.DEFINITION;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return ScheduleSourceTask.class;
    }

    @Override
    public void start(Map<String, String> connectorProperties) {
        properties = Map.copyOf(connectorProperties);
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        List<String> names = names(properties);
        return ConnectorUtils.groupPartitions(names, Math.min(maxTasks, names.size())).stream()
                .map(this::share)
                .toList();
    }

    @Override
    public void stop() {
        // Nothing runs in the connector.
    }

    /** Everything that is wrong with the connector and each of its schedules, at once. */
    @Override
    public Config validate(Map<String, String> connectorProperties) {
        Map<String, ConfigValue> values = new LinkedHashMap<>();
        super.validate(connectorProperties).configValues().forEach(v -> values.put(v.name(), v));
        List<String> names = names(connectorProperties);
        for (String name : names) {
            List<ConfigValue> own = ScheduleKeys.definition(name).validate(connectorProperties);
            own.forEach(value -> values.put(value.name(), value));
            if (own.stream().allMatch(value -> value.errorMessages().isEmpty())) {
                checkTogether(name, connectorProperties, values);
            }
        }
        Set<String> known = new TreeSet<>(values.keySet());
        connectorProperties.keySet().stream()
                .filter(key -> key.startsWith(ScheduleKeys.PREFIX) && !known.contains(key))
                .sorted()
                .forEach(key -> values.put(key, unknownKey(key, names)));
        return new Config(new ArrayList<>(values.values()));
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
                    // No offset: the operator wants the schedule's past forgotten.
                    offset == null ? Optional.empty() : ScheduleOffset.fault(partition, offset);
            if (fault.isPresent()) {
                throw new ConnectException(
                        "Source offset of '" + partition + "' cannot be set: " + fault.get());
            }
        });
        return true;
    }

    private Map<String, String> share(List<String> names) {
        Map<String, String> share = new HashMap<>(properties);
        share.put(ScheduleSourceConfig.SCHEDULES, String.join(",", names));
        return share;
    }

    /** The names as far as they can be read; faults of the list have an error of their own. */
    private static List<String> names(Map<String, String> properties) {
        ConfigValue names =
                ScheduleSourceConfig.DEFINITION.validate(properties).stream()
                        .filter(value -> value.name().equals(ScheduleSourceConfig.SCHEDULES))
                        .findFirst()
                        .orElseThrow();
        return names.errorMessages().isEmpty() && names.value() instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static void checkTogether(
            String name, Map<String, String> properties, Map<String, ConfigValue> values) {
        try {
            Schedule schedule = ScheduleKeys.read(name, properties);
            if (schedule.after(Instant.EPOCH).isEmpty()) {
                throw new ConfigException(
                        ScheduleKeys.key(name, ScheduleKeys.EXPRESSION),
                        schedule.expression(),
                        "it is never due between start and end");
            }
        } catch (ConfigException e) {
            String text = String.valueOf(e.getMessage());
            String key =
                    text.contains(ScheduleKeys.key(name, ScheduleKeys.END))
                            ? ScheduleKeys.key(name, ScheduleKeys.END)
                            : ScheduleKeys.key(name, ScheduleKeys.EXPRESSION);
            Optional.ofNullable(values.get(key)).ifPresent(value -> value.addErrorMessage(text));
        }
    }

    /** A misspelt key would otherwise be a setting that silently does nothing. */
    private static ConfigValue unknownKey(String key, List<String> names) {
        ConfigValue value = new ConfigValue(key);
        Set<String> known = new TreeSet<>(ScheduleKeys.definition("NAME").names());
        value.addErrorMessage(
                "'"
                        + key
                        + "' is no key of this connector; its schedules are "
                        + names
                        + ", and each has the keys "
                        + known);
        return value;
    }
}
