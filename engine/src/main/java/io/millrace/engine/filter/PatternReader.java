package io.millrace.engine.filter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.Patterns;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns the text of patterns into rules: each a set of fields that must all match, of which one
 * must hold (FIL-1).
 */
final class PatternReader {
    /** As many as EventBridge takes; {@code $or} multiplies and would fill the memory. */
    static final int MAX_RULES = 1_000;

    /** Wildcards multiply the work per character; EventBridge draws a line as well. */
    static final int MAX_COMPLEXITY = 100;

    private static final int SHOWN = 80;
    private static final String OR = "$or";
    private static final String HEADERS = "headers.";
    private static final Set<String> METADATA = Set.of("topic", "partition", "offset", "timestamp");
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private PatternReader() {}

    /** Reads all patterns of a filter; throws at the first that is not allowed (FIL-3). */
    static List<Map<String, List<Patterns>>> read(List<String> patterns) {
        List<Map<String, List<Patterns>>> rules = new ArrayList<>();
        for (int i = 0; i < patterns.size(); i++) {
            String pattern = patterns.get(i);
            try {
                rules.addAll(rulesOf(pattern));
            } catch (Refused refused) {
                throw invalid(i + 1, patterns.size(), pattern, refused.reason());
            } catch (IOException | RuntimeException | StackOverflowError refused) {
                throw invalid(i + 1, patterns.size(), pattern, firstLine(refused));
            }
        }
        return rules;
    }

    private static List<Map<String, List<Patterns>>> rulesOf(String pattern)
            throws IOException, Refused {
        if (pattern.length() > EventFilter.MAX_PATTERN_LENGTH) {
            throw new Refused(
                    "it has "
                            + pattern.length()
                            + " characters; allowed: "
                            + EventFilter.MAX_PATTERN_LENGTH);
        }
        long size = combinations(treeOf(pattern));
        if (size > MAX_RULES) {
            throw new Refused(
                    "its $or lists make more than " + MAX_RULES + " combinations; split them up");
        }
        List<Map<String, List<Patterns>>> rules = JsonRuleCompiler.compile(pattern);
        for (Map<String, List<Patterns>> rule : rules) {
            for (String field : rule.keySet()) {
                check(field);
            }
        }
        if (Rules.complexityOf(rules, MAX_COMPLEXITY + 1) > MAX_COMPLEXITY) {
            throw new Refused("its wildcards are too complex; use fewer or shorter ones");
        }
        return rules;
    }

    private static JsonNode treeOf(String pattern) throws Refused {
        try {
            JsonNode tree = JSON.readTree(pattern);
            if (tree.isObject()) {
                return tree;
            }
        } catch (JsonProcessingException malformed) {
            throw new Refused(
                    "it is not JSON: "
                            + malformed.getOriginalMessage()
                            + " at character "
                            + malformed.getLocation().getCharOffset());
        }
        throw new Refused("it must be a JSON object, such as {\"value\":{\"state\":[\"paid\"]}}");
    }

    /** How many rules a pattern becomes: what is side by side multiplies, what is in $or adds. */
    private static long combinations(JsonNode node) {
        long product = 1;
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            long factor = 1;
            if (field.getKey().equals(OR) && field.getValue().isArray()) {
                factor = 0;
                for (JsonNode branch : field.getValue()) {
                    factor = Math.min(factor + combinations(branch), MAX_RULES + 1L);
                }
            } else if (field.getValue().isObject()) {
                factor = combinations(field.getValue());
            }
            product = Math.min(product * factor, MAX_RULES + 1L);
        }
        return product;
    }

    /** A field that no event has would reject every event without a word. */
    private static void check(String field) throws Refused {
        if (Part.of(field).isPresent() || METADATA.contains(field) || field.startsWith(HEADERS)) {
            return;
        }
        throw new Refused(
                "no event has a field '"
                        + field
                        + "'; there are value, key, topic, partition, offset, timestamp and"
                        + " headers.<name>");
    }

    private static MillraceException invalid(int number, int of, String pattern, String reason) {
        String shown = pattern.length() > SHOWN ? pattern.substring(0, SHOWN) + "..." : pattern;
        return new MillraceException(
                ErrorCode.INVALID,
                "filter pattern "
                        + number
                        + " of "
                        + of
                        + " '"
                        + shown
                        + "' is invalid: "
                        + reason);
    }

    private static String firstLine(Throwable refused) {
        String message = String.valueOf(refused.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    /** A pattern is not allowed, and why. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;

        Refused(String reason) {
            super(reason);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }
}
