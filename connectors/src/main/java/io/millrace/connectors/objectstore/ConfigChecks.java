package io.millrace.connectors.objectstore;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

import software.amazon.awssdk.regions.Region;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What the keys of {@link ObjectStoreSourceConfig} allow, and what they recommend. */
final class ConfigChecks {
    private static final Pattern TOPIC_NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
    // Wider than the rule of AWS: other stores allow capitals, underscores and more.
    private static final Pattern BUCKET_NAME = Pattern.compile("[^/\\s\\p{Cntrl}]{1,255}");

    static final ConfigDef.Validator ENDPOINT =
            check(
                    "empty, or an http or https URL without user, query and fragment",
                    text -> text.isEmpty() || isEndpoint(text));
    static final ConfigDef.Validator BUCKET =
            check(
                    "the name of a bucket, without slashes and blanks",
                    text -> BUCKET_NAME.matcher(text).matches());
    static final ConfigDef.Validator TOPIC =
            check(
                    "1 to 249 letters, digits, dots, underscores and hyphens",
                    text ->
                            TOPIC_NAME.matcher(text).matches()
                                    && !text.equals(".")
                                    && !text.equals(".."));
    static final ConfigDef.Validator TOPIC_OR_NONE =
            check(
                    "empty, or 1 to 249 letters, digits, dots, underscores and hyphens",
                    text -> text.isEmpty() || TOPIC_NAME.matcher(text).matches());
    static final ConfigDef.Validator PATH =
            check(
                    "a path that begins with /, without blanks and question mark",
                    text -> text.matches("/[^\\s?#]*"));
    static final ConfigDef.Validator START =
            check("everything, now, or a time like 2026-01-31T00:00:00Z", ConfigChecks::isStart);
    static final ConfigDef.Validator SUFFIXES =
            ConfigDef.LambdaValidator.with(
                    (key, value) -> {
                        if (value instanceof List<?> list && list.contains("")) {
                            throw new ConfigException(key, value, "allowed: no empty suffix");
                        }
                    },
                    () -> "suffixes separated by commas, none of them empty");

    static final ConfigDef.Recommender REGIONS =
            recommend(Region.regions().stream().map(Region::id).sorted().toList());
    static final ConfigDef.Recommender STARTS = recommend(List.of("everything", "now"));
    static final ConfigDef.Recommender EVENTS =
            recommend(List.of("created", "overwritten", "deleted"));

    private ConfigChecks() {}

    /** Reads a checked value of {@code objectstore.start}. */
    static StartPosition start(String text) {
        return switch (text) {
            case "everything" -> new StartPosition.Everything();
            case "now" -> new StartPosition.Now();
            default -> new StartPosition.Since(Instant.parse(text));
        };
    }

    private static boolean isStart(String text) {
        try {
            start(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isEndpoint(String text) {
        try {
            URI uri = new URI(text);
            return Set.of("http", "https").contains(String.valueOf(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && uri.getFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static ConfigDef.Validator check(String allowed, Predicate<String> test) {
        return ConfigDef.LambdaValidator.with(
                (key, value) -> {
                    // A missing value has its own error.
                    if (value instanceof String text && !test.test(text)) {
                        // What may hold a password is not repeated.
                        String found = text.contains("@") ? "[hidden]" : text;
                        throw new ConfigException(key, found, "allowed: " + allowed);
                    }
                },
                () -> allowed);
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
