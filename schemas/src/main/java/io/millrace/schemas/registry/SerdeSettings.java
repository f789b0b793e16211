package io.millrace.schemas.registry;

import java.util.Map;

/** What the serialisers read from a Kafka configuration beside {@link RegistryConfig}. */
final class SerdeSettings {
    static final String AUTO_REGISTER = "auto.register.schemas";
    static final String SPECIFIC_READER = "specific.avro.reader";
    private static final String SUBJECT_STRATEGY = "subject.name.strategy";

    private SerdeSettings() {}

    static boolean flag(Map<String, ?> settings, String key, boolean fallback) {
        Object value = settings.get(key);
        String text = value == null ? String.valueOf(fallback) : value.toString().strip();
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw new RegistryException(
                            RegistryException.Kind.INVALID,
                            "'" + key + "' is '" + text + "'; allowed: true, false");
        };
    }

    /** Another strategy than ours would silently use other subjects than its user expects. */
    static void requireTopicNameStrategy(Map<String, ?> settings, boolean isKey) {
        String key = (isKey ? "key." : "value.") + SUBJECT_STRATEGY;
        Object strategy = settings.get(key);
        if (strategy != null && !strategy.toString().endsWith("TopicNameStrategy")) {
            throw new RegistryException(
                    RegistryException.Kind.INVALID,
                    "'" + key + "' is '" + strategy + "'; allowed: TopicNameStrategy");
        }
    }

    /** The subject of a topic's keys or values. */
    static String subject(String topic, boolean isKey) {
        return topic + (isKey ? "-key" : "-value");
    }
}
