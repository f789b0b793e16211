package io.millrace.connectors.schedule;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** What the keys of {@link ScheduleSourceConfig} allow, and what they recommend. */
final class ScheduleChecks {
    private static final Pattern TOPIC_NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
    private static final Pattern NAME = Pattern.compile("[0-9a-zA-Z._-]{1,64}");

    static final int MAX_SCHEDULES = 10_000;

    static final ConfigDef.Validator TOPIC =
            check(
                    "1 to 249 letters, digits, dots, underscores and hyphens",
                    text -> {
                        requireTopic(text);
                    });
    static final ConfigDef.Validator OPTIONAL_TOPIC =
            check(
                    "empty, or 1 to 249 letters, digits, dots, underscores and hyphens",
                    text -> {
                        if (!text.isEmpty()) {
                            requireTopic(text);
                        }
                    });
    static final ConfigDef.Validator NAMES =
            ConfigDef.LambdaValidator.with(
                    ScheduleChecks::checkNames,
                    () ->
                            "1 to "
                                    + MAX_SCHEDULES
                                    + " different names of 1 to 64 letters, digits, dots,"
                                    + " underscores and hyphens");
    static final ConfigDef.Validator EXPRESSION =
            check(
                    ScheduleExpression.ALLOWED,
                    text -> ScheduleExpression.parse(text, ZoneId.of("UTC"), Instant.EPOCH));
    static final ConfigDef.Validator ZONE =
            check("the name of a time zone, for example Europe/Berlin", ZoneId::of);
    static final ConfigDef.Validator TIME =
            check(
                    "empty, a time like 2026-01-31T00:00:00Z, or 2026-01-31T00:00:00 in the"
                            + " schedule's time zone",
                    text -> {
                        if (!text.isEmpty()) {
                            time(text, ZoneId.of("UTC"));
                        }
                    });
    static final ConfigDef.Validator PAYLOAD =
            check("at most 262144 bytes of text, with known places only", PayloadTemplate::of);
    static final ConfigDef.Validator MISSED =
            check(
                    String.join(", ", MissedPolicy.words()),
                    text -> {
                        if (!MissedPolicy.words().contains(text)) {
                            throw new IllegalArgumentException("it is none of them");
                        }
                    });

    static final ConfigDef.Recommender ZONES =
            recommend(ZoneId.getAvailableZoneIds().stream().sorted().toList());
    static final ConfigDef.Recommender POLICIES = recommend(MissedPolicy.words());

    private ScheduleChecks() {}

    /**
     * Reads a checked time.
     *
     * @param zone of a time that tells none
     */
    static Instant time(String text, ZoneId zone) {
        return text.endsWith("Z")
                ? Instant.parse(text)
                : LocalDateTime.parse(text).atZone(zone).toInstant();
    }

    private static void requireTopic(String text) {
        if (!TOPIC_NAME.matcher(text).matches() || text.equals(".") || text.equals("..")) {
            throw new IllegalArgumentException("it is no name of a topic");
        }
    }

    private static void checkNames(String key, Object value) {
        // A missing value has its own error.
        if (!(value instanceof List<?> names)) {
            return;
        }
        if (names.isEmpty() || names.size() > MAX_SCHEDULES) {
            throw new ConfigException(
                    key, names.size() + " names", "allowed: 1 to " + MAX_SCHEDULES);
        }
        if (new HashSet<>(names).size() != names.size()) {
            throw new ConfigException(key, value, "a name is there twice; allowed: once each");
        }
        for (Object name : names) {
            if (!NAME.matcher(String.valueOf(name)).matches()) {
                throw new ConfigException(
                        key,
                        name,
                        "allowed: 1 to 64 letters, digits, dots, underscores and hyphens");
            }
        }
    }

    private static ConfigDef.Validator check(String allowed, Consumer<String> test) {
        return ConfigDef.LambdaValidator.with(
                (key, value) -> {
                    // A missing value has its own error.
                    if (value instanceof String text) {
                        try {
                            test.accept(text);
                        } catch (IllegalArgumentException | DateTimeException e) {
                            throw new ConfigException(
                                    key, shown(text), e.getMessage() + "; allowed: " + allowed);
                        }
                    }
                },
                () -> allowed);
    }

    /** A payload can be long. */
    private static String shown(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
    }

    private static ConfigDef.Recommender recommend(List<String> values) {
        return new ConfigDef.Recommender() {
            @Override
            public List<Object> validValues(String key, Map<String, Object> parsed) {
                return List.copyOf(values);
            }

            @Override
            public boolean visible(String key, Map<String, Object> parsed) {
                return true;
            }
        };
    }
}
