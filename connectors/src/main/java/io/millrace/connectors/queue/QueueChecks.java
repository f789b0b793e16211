package io.millrace.connectors.queue;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What keys of queue connectors allow, and what they recommend. */
public final class QueueChecks {
    private static final Pattern TOPIC_NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    private static final String SOME_NAMES = "names separated by commas, at least one, each once";

    static final ConfigDef.Validator TOPIC =
            check("1 to 249 letters, digits, dots, underscores and hyphens", QueueChecks::isTopic);
    static final ConfigDef.Validator TOPIC_OR_NONE =
            check(
                    "empty, or 1 to 249 letters, digits, dots, underscores and hyphens",
                    text -> text.isEmpty() || isTopic(text));

    /** One or more names without blanks, each once. */
    public static final ConfigDef.Validator NAMES =
            ConfigDef.LambdaValidator.with(
                    (key, value) -> {
                        if (value instanceof List<?> names && !areNames(names)) {
                            throw new ConfigException(key, value, "allowed: " + SOME_NAMES);
                        }
                    },
                    () -> SOME_NAMES);

    private QueueChecks() {}

    /** A validator of texts; a missing text has its own error. */
    public static ConfigDef.Validator check(String allowed, Predicate<String> test) {
        return ConfigDef.LambdaValidator.with(
                (key, value) -> {
                    if (value instanceof String text && !test.test(text)) {
                        // What may hold a password is not repeated.
                        String found = text.contains("@") ? "[hidden]" : text;
                        throw new ConfigException(key, found, "allowed: " + allowed);
                    }
                },
                () -> allowed);
    }

    /** A recommender of fixed values. */
    public static ConfigDef.Recommender recommend(List<String> values) {
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

    /** Whether it is a URL with a host, of one of these schemes, without user, query, fragment. */
    public static boolean isPlainUrl(String text, Set<String> schemes) {
        try {
            URI uri = new URI(text);
            return schemes.contains(String.valueOf(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && uri.getFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isTopic(String text) {
        return TOPIC_NAME.matcher(text).matches() && !text.equals(".") && !text.equals("..");
    }

    private static boolean areNames(List<?> names) {
        return !names.isEmpty()
                && names.stream().distinct().count() == names.size()
                && names.stream()
                        .map(String::valueOf)
                        .noneMatch(name -> name.isBlank() || !name.strip().equals(name));
    }
}
