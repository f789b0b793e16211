package io.millrace.connectors.table;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The keys of the transform.
 *
 * @param topic of all changes; empty: the topic that the connector chose
 * @param deadLetterTopic of what cannot be told; empty: it is an error
 * @param unavailable what the connector writes for a value that the database did not tell
 * @param decimalsAsText whether decimals become texts and not numbers
 * @param oldRowsComplete whether every table tells all columns of the old row
 * @param changeBytesMax bytes of key and rows from which on a change is a dead letter
 */
record TableChangeConfig(
        Optional<String> topic,
        Optional<String> deadLetterTopic,
        String unavailable,
        boolean decimalsAsText,
        boolean oldRowsComplete,
        int changeBytesMax) {
    static final String TOPIC = "topic";
    static final String DEAD_LETTER_TOPIC = "dead.letter.topic";
    static final String UNAVAILABLE = "unavailable.value.placeholder";
    static final String DECIMALS = "decimals";
    static final String OLD_ROWS = "old.rows";
    static final String CHANGE_BYTES_MAX = "change.bytes.max";

    private static final Pattern TOPIC_NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
    private static final ConfigDef.Validator OPTIONAL_TOPIC =
            ConfigDef.LambdaValidator.with(
                    (key, value) -> {
                        if (value instanceof String name && !isTopicOrEmpty(name)) {
                            throw new ConfigException(key, value, "allowed: " + topicRule());
                        }
                    },
                    TableChangeConfig::topicRule);

    static final ConfigDef DEFINITION =
            new ConfigDef()
                    .define(
                            TOPIC,
                            ConfigDef.Type.STRING,
                            "",
                            OPTIONAL_TOPIC,
                            ConfigDef.Importance.MEDIUM,
                            "Topic of all changes. Empty: one topic per table, as the connector"
                                    + " names them (topic.prefix.schema.table).")
                    .define(
                            DEAD_LETTER_TOPIC,
                            ConfigDef.Type.STRING,
                            "",
                            OPTIONAL_TOPIC,
                            ConfigDef.Importance.HIGH,
                            "Topic of what cannot be told as a change or is too large, with the"
                                    + " reason in headers. Empty: such an event fails the task,"
                                    + " unless errors.tolerance is all.")
                    .define(
                            OLD_ROWS,
                            ConfigDef.Type.STRING,
                            "detect",
                            choice("detect", "complete"),
                            ConfigDef.Importance.MEDIUM,
                            "Whether the old row of a PostgreSQL table is known in full. complete:"
                                    + " all tables have REPLICA IDENTITY FULL. detect: an old row"
                                    + " that holds nothing but the key and defaults is taken for"
                                    + " one of which only the key is known.",
                            "",
                            -1,
                            ConfigDef.Width.SHORT,
                            OLD_ROWS,
                            recommend("detect", "complete"))
                    .define(
                            DECIMALS,
                            ConfigDef.Type.STRING,
                            "number",
                            choice("number", "string"),
                            ConfigDef.Importance.LOW,
                            "How decimals stand in the JSON, always with all of their digits: as"
                                    + " number, or as string for readers that would round.",
                            "",
                            -1,
                            ConfigDef.Width.SHORT,
                            DECIMALS,
                            recommend("number", "string"))
                    .define(
                            CHANGE_BYTES_MAX,
                            ConfigDef.Type.INT,
                            900_000,
                            ConfigDef.Range.between(1_000, Integer.MAX_VALUE),
                            ConfigDef.Importance.LOW,
                            "UTF-8 bytes of key, old and new row together from which on a change"
                                    + " goes to the dead letters without its rows. It must be below"
                                    + " the topic's max.message.bytes and the producer's"
                                    + " max.request.size. Without a dead letter topic it has no"
                                    + " effect.")
                    .define(
                            UNAVAILABLE,
                            ConfigDef.Type.STRING,
                            "__debezium_unavailable_value",
                            new ConfigDef.NonEmptyString(),
                            ConfigDef.Importance.LOW,
                            "What the connector writes for a value that the database did not tell:"
                                    + " its key of the same name.");

    static TableChangeConfig of(Map<String, ?> properties) {
        AbstractConfig parsed = new AbstractConfig(DEFINITION, properties, false);
        return new TableChangeConfig(
                optional(parsed, TOPIC),
                optional(parsed, DEAD_LETTER_TOPIC),
                parsed.getString(UNAVAILABLE),
                parsed.getString(DECIMALS).equals("string"),
                parsed.getString(OLD_ROWS).equals("complete"),
                parsed.getInt(CHANGE_BYTES_MAX));
    }

    private static Optional<String> optional(AbstractConfig parsed, String key) {
        return Optional.of(parsed.getString(key)).filter(text -> !text.isEmpty());
    }

    private static boolean isTopicOrEmpty(String name) {
        return name.isEmpty()
                || (TOPIC_NAME.matcher(name).matches() && !name.equals(".") && !name.equals(".."));
    }

    private static String topicRule() {
        return "empty, or 1 to 249 letters, digits, dots, underscores and hyphens";
    }

    private static ConfigDef.Validator choice(String... allowed) {
        return ConfigDef.ValidString.in(allowed);
    }

    private static ConfigDef.Recommender recommend(String... values) {
        return new ConfigDef.Recommender() {
            @Override
            public List<Object> validValues(String key, Map<String, Object> parsed) {
                return List.of((Object[]) values);
            }

            @Override
            public boolean visible(String key, Map<String, Object> parsed) {
                return true;
            }
        };
    }
}
