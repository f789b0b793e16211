package io.millrace.connectors.schedule;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration of the schedule source, checked.
 *
 * @param connector its name
 * @param contentType media type of the value, if the connector's own configuration tells it
 */
record ScheduleSourceConfig(
        String connector,
        List<Schedule> schedules,
        String topic,
        Optional<String> deadLetterTopic,
        Optional<String> contentType,
        int batch,
        int maxRecordBytes) {
    static final String SCHEDULES = "schedules";
    static final String TOPIC = "topic";
    static final String DEAD_LETTER_TOPIC = "dead.letter.topic";
    static final String BATCH = "schedule.batch.max";
    static final String MAX_RECORD_BYTES = "schedule.record.max.bytes";

    /** Every key that is not one schedule's. */
    static final ConfigDef DEFINITION = define();

    private static final Map<String, String> CONTENT_TYPES =
            Map.of(
                    "org.apache.kafka.connect.json.JsonConverter", "application/json",
                    "io.millrace.connectors.avro.AvroConverter", "application/avro");

    /** Reads a configuration; throws {@link ConfigException} for the first fault. */
    static ScheduleSourceConfig of(Map<String, String> properties) {
        AbstractConfig values = new AbstractConfig(DEFINITION, properties, false);
        String deadLetters = values.getString(DEAD_LETTER_TOPIC);
        return new ScheduleSourceConfig(
                properties.getOrDefault("name", ""),
                values.getList(SCHEDULES).stream()
                        .map(name -> ScheduleKeys.read(name, properties))
                        .toList(),
                values.getString(TOPIC),
                deadLetters.isEmpty() ? Optional.empty() : Optional.of(deadLetters),
                Optional.ofNullable(
                        CONTENT_TYPES.get(properties.getOrDefault("value.converter", ""))),
                values.getInt(BATCH),
                values.getInt(MAX_RECORD_BYTES));
    }

    private static ConfigDef define() {
        return defineEvents(
                new ConfigDef()
                        .define(
                                SCHEDULES,
                                ConfigDef.Type.LIST,
                                ConfigDef.NO_DEFAULT_VALUE,
                                ScheduleChecks.NAMES,
                                Importance.HIGH,
                                "Names of the schedules, separated by commas. Each has keys of its own"
                                        + " that begin with schedule.NAME. (with its name for NAME).",
                                "Schedules",
                                1,
                                Width.LONG,
                                "Schedules"));
    }

    private static ConfigDef defineEvents(ConfigDef keys) {
        String group = "Events";
        return keys.define(
                        TOPIC,
                        ConfigDef.Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        ScheduleChecks.TOPIC,
                        Importance.HIGH,
                        "Topic of the events. It must exist, or the connector must set"
                                + " topic.creation.default.partitions and"
                                + " topic.creation.default.replication.factor: without both an"
                                + " exactly-once task waits in silence.",
                        group,
                        1,
                        Width.MEDIUM,
                        "Topic")
                .define(
                        DEAD_LETTER_TOPIC,
                        ConfigDef.Type.STRING,
                        "",
                        ScheduleChecks.OPTIONAL_TOPIC,
                        Importance.MEDIUM,
                        "Topic of ticks that are too large for an event: the payload, with the"
                                + " reason in headers. Empty: such a tick fails the task.",
                        group,
                        2,
                        Width.MEDIUM,
                        "Dead letters")
                .define(
                        BATCH,
                        ConfigDef.Type.INT,
                        500,
                        ConfigDef.Range.between(1, 10_000),
                        Importance.LOW,
                        "Most events per poll, which is one transaction.",
                        group,
                        3,
                        Width.SHORT,
                        "Batch")
                .define(
                        MAX_RECORD_BYTES,
                        ConfigDef.Type.INT,
                        1_000_000,
                        ConfigDef.Range.between(4096, 100_000_000),
                        Importance.LOW,
                        "Largest event in bytes, roughly. Not more than max.message.bytes of the"
                                + " topic and max.request.size of the producer.",
                        group,
                        4,
                        Width.SHORT,
                        "Record size");
    }
}
