package io.millrace.engine.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The fields of a source event, from Avro or from JSON. What is wrong with one names it. */
record Fields(JsonNode value) {
    /** The text of a field that has to be there. */
    String text(String name) throws Unrenderable {
        return optionalText(name)
                .orElseThrow(() -> new Unrenderable("field '" + name + "' is missing"));
    }

    /** The text of a field; nothing where it is missing or null. */
    Optional<String> optionalText(String name) throws Unrenderable {
        JsonNode field = value.path(name);
        if (isAbsent(field)) {
            return Optional.empty();
        }
        if (!field.isTextual()) {
            throw unfit(name, field, "a text");
        }
        return Optional.of(field.textValue());
    }

    long number(String name, long fallback) throws Unrenderable {
        JsonNode field = value.path(name);
        if (isAbsent(field)) {
            return fallback;
        }
        if (!field.isIntegralNumber() || !field.canConvertToLong()) {
            throw unfit(name, field, "a whole number of 64 bits");
        }
        return field.longValue();
    }

    /** A time in milliseconds since 1970, or as ISO-8601 text. */
    Optional<Instant> time(String name) throws Unrenderable {
        JsonNode field = value.path(name);
        if (isAbsent(field)) {
            return Optional.empty();
        }
        try {
            if (field.isIntegralNumber() && field.canConvertToLong()) {
                return Optional.of(Instant.ofEpochMilli(field.longValue()));
            }
            if (field.isTextual()) {
                return Optional.of(Instant.parse(field.textValue()));
            }
        } catch (DateTimeException _) {
            // Told below.
        }
        throw unfit(name, field, "milliseconds since 1970, or an ISO-8601 time");
    }

    /** Bytes, which JSON holds as base64; none where the field is missing or null. */
    byte[] bytes(String name) throws Unrenderable {
        JsonNode field = value.path(name);
        if (isAbsent(field)) {
            return new byte[0];
        }
        try {
            byte[] bytes = field.binaryValue();
            if (bytes != null) {
                return bytes;
            }
        } catch (IOException _) {
            // Told below.
        }
        throw unfit(name, field, "bytes as base64");
    }

    /** Names and texts, by name; none where the field is missing or null. */
    Map<String, String> texts(String name) throws Unrenderable {
        JsonNode field = value.path(name);
        Map<String, String> texts = new TreeMap<>();
        if (isAbsent(field)) {
            return texts;
        }
        if (!field.isObject()) {
            throw unfit(name, field, "an object of texts");
        }
        for (Map.Entry<String, JsonNode> entry : field.properties()) {
            JsonNode text = entry.getValue();
            if (!text.isTextual()) {
                throw unfit(name + "." + entry.getKey(), text, "a text");
            }
            texts.put(entry.getKey(), text.textValue());
        }
        return texts;
    }

    private static boolean isAbsent(JsonNode field) {
        return field.isMissingNode() || field.isNull();
    }

    static Unrenderable unfit(String name, JsonNode found, String allowed) {
        return new Unrenderable("field '" + name + "' is " + kind(found) + "; allowed: " + allowed);
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
                    case ARRAY -> "a list";
                    case OBJECT -> "an object";
                    case BOOLEAN -> "a truth value";
                    case NUMBER -> "a number";
                    case STRING -> "a text";
                    case BINARY -> "bytes";
                    case NULL, MISSING -> "nothing";
                    case POJO -> JsonNodeType.POJO.name();
                }
                + (node.isNumber() || node.isTextual() ? " that does not fit" : "");
    }
}
