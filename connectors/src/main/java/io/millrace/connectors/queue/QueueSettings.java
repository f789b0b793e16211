package io.millrace.connectors.queue;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The settings that all queue connectors have in common, checked.
 *
 * @param contentType media type of an event's value, if the connector's own configuration tells it
 * @param bytesGrow whether the value's converter may write bytes as base64
 */
public record QueueSettings(
        String topic,
        Optional<String> deadLetterTopic,
        Optional<String> contentType,
        boolean bytesGrow,
        int maxRecordBytes,
        int maxBatch,
        int maxInFlight,
        int windowMessages,
        Duration windowAge,
        Duration outageTimeout) {
    public static final String TOPIC = "topic";
    public static final String DEAD_LETTER_TOPIC = "dead.letter.topic";
    public static final String MAX_RECORD_BYTES = "queue.record.max.bytes";
    public static final String MAX_BATCH = "queue.batch.max";
    public static final String MAX_IN_FLIGHT = "queue.in.flight.max";
    public static final String WINDOW_MESSAGES = "queue.repeat.window.messages";
    public static final String WINDOW_AGE = "queue.repeat.window.age.ms";
    public static final String OUTAGE_TIMEOUT = "queue.outage.timeout.ms";

    /** What most of these keys begin with. */
    public static final String KEY_PREFIX = "queue.";

    private static final String AVRO = "io.millrace.connectors.avro.AvroConverter";
    private static final Map<String, String> CONTENT_TYPES =
            Map.of(
                    "org.apache.kafka.connect.json.JsonConverter",
                    "application/json",
                    AVRO,
                    "application/avro");

    /** Reads checked values. */
    public static QueueSettings of(AbstractConfig values, Map<String, String> properties) {
        String topic = values.getString(TOPIC);
        String deadLetters = values.getString(DEAD_LETTER_TOPIC);
        if (topic.equals(deadLetters)) {
            throw new ConfigException(DEAD_LETTER_TOPIC, deadLetters, SAME_TOPIC);
        }
        String converter = properties.getOrDefault("value.converter", "");
        return new QueueSettings(
                topic,
                deadLetters.isEmpty() ? Optional.empty() : Optional.of(deadLetters),
                Optional.ofNullable(CONTENT_TYPES.get(converter)),
                !converter.equals(AVRO),
                values.getInt(MAX_RECORD_BYTES),
                values.getInt(MAX_BATCH),
                values.getInt(MAX_IN_FLIGHT),
                values.getInt(WINDOW_MESSAGES),
                Duration.ofMillis(values.getLong(WINDOW_AGE)),
                Duration.ofMillis(values.getLong(OUTAGE_TIMEOUT)));
    }

    /** What is said when events and dead letters have one topic. */
    static final String SAME_TOPIC = "allowed: another topic than that of the events, or none";

    /** Adds these keys to a connector's own. */
    public static void define(ConfigDef keys) {
        defineTopics(keys);
        Group reading = new Group(keys, "Reading");
        reading.add(
                MAX_BATCH,
                500,
                ConfigDef.Range.between(1, 100_000),
                "Most messages per queue and poll. With an exactly-once worker a poll is a"
                        + " transaction.");
        reading.add(
                MAX_IN_FLIGHT,
                2000,
                ConfigDef.Range.between(2, 100_000),
                "Most messages per queue that are received and not acknowledged yet.");
        reading.add(
                WINDOW_MESSAGES,
                100_000,
                ConfigDef.Range.between(1, RepeatWindow.MOST_MESSAGES),
                "How many message ids per queue are remembered, so that a message that is handed"
                        + " out again is dropped. It must be more than the queue may hand out"
                        + " between the first and the next time that it hands out one message.");
        reading.addLong(
                WINDOW_AGE,
                1_209_600_000L,
                ConfigDef.Range.between(60_000, 31_536_000_000L),
                "Milliseconds after which a remembered message id may be forgotten.");
        reading.add(
                MAX_RECORD_BYTES,
                1_000_000,
                ConfigDef.Range.between(10_000, 1_000_000_000),
                "Bytes that a record may have: less than the topics' max.message.bytes and the"
                        + " producer's max.request.size. A message that would be a larger record"
                        + " becomes a dead letter, in several pieces if need be.");
        reading.addLong(
                OUTAGE_TIMEOUT,
                86_400_000L,
                ConfigDef.Range.between(0, 31_536_000_000L),
                "Milliseconds for which a queue that does not answer is asked again, with a"
                        + " growing pause of 30 seconds at most. After that the task fails.");
    }

    private static void defineTopics(ConfigDef keys) {
        keys.define(
                TOPIC,
                ConfigDef.Type.STRING,
                ConfigDef.NO_DEFAULT_VALUE,
                QueueChecks.TOPIC,
                Importance.HIGH,
                "Topic of the events. It must exist, or the connector must set"
                        + " topic.creation.default.partitions and"
                        + " topic.creation.default.replication.factor: without both an exactly-once"
                        + " task waits in silence.",
                "Topics",
                1,
                Width.MEDIUM,
                "Topic");
        keys.define(
                DEAD_LETTER_TOPIC,
                ConfigDef.Type.STRING,
                "",
                QueueChecks.TOPIC_OR_NONE,
                Importance.HIGH,
                "Topic of messages that cannot be events: body as it came, the reason in headers."
                        + " Empty: the task fails at such a message, which stays in the queue.",
                "Topics",
                2,
                Width.MEDIUM,
                "Dead letter topic");
    }

    /** Adds keys one after the other. */
    private static final class Group {
        private final ConfigDef keys;
        private final String name;
        private int order;

        Group(ConfigDef keys, String name) {
            this.keys = keys;
            this.name = name;
        }

        void add(String key, int value, ConfigDef.Validator allowed, String documentation) {
            define(key, ConfigDef.Type.INT, value, allowed, documentation);
        }

        void addLong(String key, long value, ConfigDef.Validator allowed, String documentation) {
            define(key, ConfigDef.Type.LONG, value, allowed, documentation);
        }

        private void define(
                String key,
                ConfigDef.Type type,
                Object value,
                ConfigDef.Validator allowed,
                String documentation) {
            order++;
            keys.define(
                    key,
                    type,
                    value,
                    allowed,
                    Importance.LOW,
                    documentation,
                    name,
                    order,
                    Width.SHORT,
                    key.substring(KEY_PREFIX.length()));
        }
    }
}
