package io.millrace.engine.manifest;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces <code>${NAME}</code> and <code>${NAME:-default}</code>; <code>$${NAME}</code> stands for
 * the text itself. Anything else with a dollar sign stays as it is, so that references of Kafka
 * Connect such as <code>${file:path:key}</code> reach Connect.
 */
final class Variables {
    private static final Pattern REFERENCE =
            Pattern.compile("(\\$?)\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");

    private final Map<String, String> values;
    private final Problems problems;

    Variables(Map<String, String> values, Problems problems) {
        this.values = values;
        this.problems = problems;
    }

    String replace(Yaml.Scalar scalar) {
        Matcher matcher = REFERENCE.matcher(scalar.text());
        StringBuilder result = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(
                    result, Matcher.quoteReplacement(replacement(matcher, scalar.line())));
        }
        return matcher.appendTail(result).toString();
    }

    private String replacement(Matcher reference, int line) {
        if (!reference.group(1).isEmpty()) {
            return reference.group().substring(1);
        }
        String name = reference.group(2);
        String value = values.get(name);
        String fallback = reference.group(3);
        // As in a shell, ':-' also stands in for an empty value.
        if (value != null && !(value.isEmpty() && fallback != null)) {
            return value;
        }
        if (fallback != null) {
            return fallback;
        }
        problems.add(
                line,
                "variable '"
                        + name
                        + "' is not set; set it in the environment or by --set "
                        + name
                        + "=..., or write ${"
                        + name
                        + ":-default}");
        return "";
    }
}
