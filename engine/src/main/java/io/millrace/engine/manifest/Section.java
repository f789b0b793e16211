package io.millrace.engine.manifest;

import io.millrace.engine.config.NearestName;
import io.millrace.engine.model.MillraceException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A mapping of the manifest with a closed set of fields. What is wrong with a field goes to the
 * problems, and reading goes on with a value that is allowed. One thread.
 */
final class Section {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h)");
    private static final Pattern MEMORY = Pattern.compile("(\\d{1,6})\\s*(MB|GB)?");

    private final String name;
    private final Yaml.Mapping node;
    private final Variables variables;
    private final Problems problems;

    /**
     * Checks the names of the fields.
     *
     * @param name what people call this part of the manifest
     */
    Section(
            String name,
            Yaml.Mapping node,
            List<String> allowed,
            Variables variables,
            Problems problems) {
        this.name = name;
        this.node = node;
        this.variables = variables;
        this.problems = problems;
        node.fields()
                .forEach((field, value) -> {
                    if (!allowed.contains(field)) {
                        problems.add(value.line(), unknown(field, allowed));
                    }
                });
    }

    /** Line of a field, or of the section if the field is missing. */
    int line(String field) {
        Yaml.Field found = node.fields().get(field);
        return found == null ? node.line() : found.line();
    }

    void problem(String field, String text) {
        problems.add(line(field), text);
    }

    String required(String field) {
        Optional<String> text = optional(field);
        if (text.isEmpty() && !node.fields().containsKey(field)) {
            problems.add(node.line(), "'" + field + "' is missing in " + name);
        }
        return text.orElse("");
    }

    Optional<String> optional(String field) {
        Yaml.Field found = node.fields().get(field);
        if (found == null) {
            return Optional.empty();
        }
        return switch (found.value()) {
            case Yaml.Scalar scalar -> {
                String text = variables.replace(scalar);
                if (text.isBlank()) {
                    problems.add(found.line(), "'" + field + "' is empty");
                }
                yield Optional.of(text);
            }
            case Yaml.Nothing _ -> {
                problems.add(found.line(), "'" + field + "' has no value");
                yield Optional.empty();
            }
            case Yaml.Sequence _, Yaml.Mapping _ -> {
                problems.add(found.line(), "'" + field + "' must be a single value");
                yield Optional.empty();
            }
        };
    }

    int number(String field, int fallback, int min, int max) {
        return parsed(
                field,
                fallback,
                min + " to " + max,
                text -> {
                    int value = Integer.parseInt(text);
                    return value >= min && value <= max ? Optional.of(value) : Optional.empty();
                });
    }

    Duration duration(String field, Duration fallback, Duration min, Duration max) {
        return parsed(
                field,
                fallback,
                text(min) + " to " + text(max) + ", such as 500ms, 30s or 5m",
                text -> {
                    Matcher matcher = DURATION.matcher(text);
                    return matcher.matches()
                            ? Optional.of(durationOf(matcher))
                                    .filter(d -> d.compareTo(min) >= 0 && d.compareTo(max) <= 0)
                            : Optional.empty();
                });
    }

    Optional<Duration> optionalDuration(String field, Duration min, Duration max) {
        return node.fields().containsKey(field)
                ? Optional.of(duration(field, max, min, max))
                : Optional.empty();
    }

    double decimal(String field, double fallback, double min, double max) {
        return parsed(
                field,
                fallback,
                min + " to " + max,
                text -> {
                    double value = Double.parseDouble(text);
                    return value >= min && value <= max ? Optional.of(value) : Optional.empty();
                });
    }

    boolean flag(String field, boolean fallback) {
        return parsed(
                field,
                fallback,
                "true, false",
                text ->
                        text.equals("true") || text.equals("false")
                                ? Optional.of(text.equals("true"))
                                : Optional.empty());
    }

    /** Single values in a list; empty if the field is missing. */
    List<String> list(String field) {
        Yaml.Field found = node.fields().get(field);
        List<String> texts = new ArrayList<>();
        if (found == null) {
            return texts;
        }
        if (!(found.value() instanceof Yaml.Sequence sequence)) {
            problems.add(found.line(), "'" + field + "' must be a list, each entry after a '-'");
            return texts;
        }
        for (Yaml item : sequence.items()) {
            if (item instanceof Yaml.Scalar scalar) {
                texts.add(variables.replace(scalar));
            } else {
                problems.add(item.line(), "an entry of '" + field + "' must be a single value");
            }
        }
        return texts;
    }

    int megabytes(String field, int fallback, int min, int max) {
        return parsed(
                field,
                fallback,
                min + "MB to " + max + "MB",
                text -> {
                    Matcher matcher = MEMORY.matcher(text);
                    return matcher.matches()
                            ? Optional.of(megabytesOf(matcher)).filter(m -> m >= min && m <= max)
                            : Optional.empty();
                });
    }

    <E extends Enum<E>> E choice(String field, E fallback, E[] values) {
        String allowed =
                Stream.of(values)
                        .map(value -> value.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "));
        return parsed(
                field,
                fallback,
                allowed,
                text ->
                        Stream.of(values)
                                .filter(v -> v.name().toLowerCase(Locale.ROOT).equals(text))
                                .findFirst());
    }

    /** A value that its own class checks. */
    <V> Optional<V> checked(String field, String text, Function<String, V> constructor) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(constructor.apply(text));
        } catch (MillraceException e) {
            problems.add(line(field), e.text());
            return Optional.empty();
        }
    }

    /** A rule that what was read has to pass. */
    void check(String field, Runnable rule) {
        try {
            rule.run();
        } catch (MillraceException e) {
            problems.add(line(field), e.text());
        }
    }

    /** Names and values; the values are not looked at. */
    Map<String, String> texts(String field) {
        Yaml.Field found = node.fields().get(field);
        Map<String, String> texts = new LinkedHashMap<>();
        if (found == null) {
            return texts;
        }
        if (!(found.value() instanceof Yaml.Mapping mapping)) {
            problems.add(found.line(), "'" + field + "' must hold names with values");
            return texts;
        }
        for (Map.Entry<String, Yaml.Field> entry : mapping.fields().entrySet()) {
            String key = entry.getKey();
            if (entry.getValue().value() instanceof Yaml.Scalar scalar) {
                texts.put(key, variables.replace(scalar));
            } else {
                problems.add(
                        entry.getValue().line(),
                        "'" + key + "' in '" + field + "' must be a single value");
            }
        }
        return texts;
    }

    /** A nested section; empty if it is missing. */
    Optional<Section> section(String field, List<String> allowed) {
        Yaml.Field found = node.fields().get(field);
        if (found == null) {
            return Optional.empty();
        }
        if (found.value() instanceof Yaml.Mapping mapping) {
            return Optional.of(
                    new Section("'" + field + "'", mapping, allowed, variables, problems));
        }
        problems.add(
                found.line(),
                "'" + field + "' must hold fields; allowed: " + String.join(", ", allowed));
        return Optional.empty();
    }

    /** A list of nested sections. */
    List<Section> sections(String field, List<String> allowed) {
        Yaml.Field found = node.fields().get(field);
        List<Section> sections = new ArrayList<>();
        if (found == null) {
            return sections;
        }
        if (!(found.value() instanceof Yaml.Sequence sequence)) {
            problems.add(found.line(), "'" + field + "' must be a list, each entry after a '-'");
            return sections;
        }
        for (Yaml item : sequence.items()) {
            if (item instanceof Yaml.Mapping mapping) {
                String part = "an entry of '" + field + "'";
                sections.add(new Section(part, mapping, allowed, variables, problems));
            } else {
                problems.add(
                        item.line(),
                        "an entry of '"
                                + field
                                + "' must hold fields; allowed: "
                                + String.join(", ", allowed));
            }
        }
        return sections;
    }

    private <V> V parsed(
            String field, V fallback, String allowed, Function<String, Optional<V>> parser) {
        Optional<String> text = optional(field).filter(value -> !value.isBlank());
        if (text.isEmpty()) {
            return fallback;
        }
        Optional<V> value;
        try {
            value = parser.apply(text.get().strip());
        } catch (NumberFormatException _) {
            value = Optional.empty();
        }
        if (value.isEmpty()) {
            problems.add(
                    line(field), "'" + field + "' is '" + text.get() + "'; allowed: " + allowed);
        }
        return value.orElse(fallback);
    }

    private String unknown(String field, List<String> allowed) {
        String hint =
                NearestName.of(field, allowed)
                        .map(near -> "did you mean '" + near + "'? allowed: ")
                        .orElse("allowed: ");
        return "'"
                + field
                + "' is not a field of "
                + name
                + "; "
                + hint
                + String.join(", ", allowed);
    }

    private static Duration durationOf(Matcher matcher) {
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    private static int megabytesOf(Matcher matcher) {
        int amount = Integer.parseInt(matcher.group(1));
        return "GB".equals(matcher.group(2)) ? amount * 1024 : amount;
    }

    private static String text(Duration duration) {
        if (duration.toMillis() % 60_000 == 0 && !duration.isZero()) {
            return duration.toMinutes() + "m";
        }
        return duration.toMillis() % 1_000 == 0
                ? duration.toSeconds() + "s"
                : duration.toMillis() + "ms";
    }
}
