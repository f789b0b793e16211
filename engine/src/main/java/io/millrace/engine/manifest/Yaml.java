package io.millrace.engine.manifest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** YAML as a tree that remembers the lines, so that every problem can be told with its place. */
sealed interface Yaml {
    int line();

    /** A text, number or truth value, as it is written. */
    record Scalar(int line, String text) implements Yaml {}

    /** A field without a value. */
    record Nothing(int line) implements Yaml {}

    record Sequence(int line, List<Yaml> items) implements Yaml {}

    record Mapping(int line, Map<String, Field> fields) implements Yaml {}

    /** A value and the line of its name. */
    record Field(int line, Yaml value) {}

    /** Reads one document. What is wrong goes to the problems; empty if there is no tree at all. */
    static Optional<Yaml> parse(String text, Problems problems) {
        try (YAMLParser parser = new YAMLFactory().createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                problems.add(1, "it is empty");
                return Optional.empty();
            }
            Yaml tree = new Builder(parser, problems).value(first);
            if (parser.nextToken() != null) {
                problems.add(line(parser), "a second document is not allowed");
            }
            return Optional.of(tree);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
            String message = e.getOriginalMessage().lines().findFirst().orElse("").strip();
            problems.add(line, "it is not YAML: " + message);
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory can always be read", e);
        }
    }

    private static int line(JsonParser parser) {
        return Math.max(1, parser.currentTokenLocation().getLineNr());
    }

    /** Makes the tree from the parser's tokens. */
    final class Builder {
        private static final int MAX_DEPTH = 20;

        private final YAMLParser parser;
        private final Problems problems;
        private int depth;

        private Builder(YAMLParser parser, Problems problems) {
            this.parser = parser;
            this.problems = problems;
        }

        private Yaml value(JsonToken token) throws IOException {
            int line = line(parser);
            if (parser.isCurrentAlias()) {
                problems.add(line, "aliases ('*name') are not allowed");
                return new Nothing(line);
            }
            if (token == JsonToken.START_OBJECT) {
                return nested(line, true);
            }
            if (token == JsonToken.START_ARRAY) {
                return nested(line, false);
            }
            return token == JsonToken.VALUE_NULL
                    ? new Nothing(line)
                    : new Scalar(line, parser.getText());
        }

        private Yaml nested(int line, boolean isMapping) throws IOException {
            depth++;
            try {
                if (depth > MAX_DEPTH) {
                    problems.add(line, "it is nested more than " + MAX_DEPTH + " levels deep");
                    parser.skipChildren();
                    return new Nothing(line);
                }
                return isMapping ? mapping(line) : sequence(line);
            } finally {
                depth--;
            }
        }

        private Mapping mapping(int line) throws IOException {
            Map<String, Field> fields = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                int at = line(parser);
                Yaml value = value(parser.nextToken());
                if (fields.putIfAbsent(name, new Field(at, value)) != null) {
                    problems.add(at, "field '" + name + "' is there twice");
                }
            }
            return new Mapping(line, fields);
        }

        private Sequence sequence(int line) throws IOException {
            List<Yaml> items = new ArrayList<>();
            for (JsonToken token = parser.nextToken();
                    token != JsonToken.END_ARRAY;
                    token = parser.nextToken()) {
                items.add(value(token));
            }
            return new Sequence(line, items);
        }
    }
}
