package io.millrace.it.prove.sources.tables;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import io.millrace.it.prove.sources.Change;
import io.millrace.it.prove.sources.TopicReader;
import io.millrace.it.prove.sources.TopicRecord;

import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * A change as the topic tells it.
 *
 * @param before missing where the event has none
 * @param after missing where the event has none
 */
record RowEvent(
        String table,
        String operation,
        String keys,
        JsonNode before,
        JsonNode after,
        String position,
        String transactionId,
        List<String> unknown) {
    /** Keeps every digit of a decimal. */
    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    static RowEvent of(TopicReader reader, TopicRecord record) {
        GenericRecord value = (GenericRecord) reader.avro(record);
        List<String> unknown = new ArrayList<>();
        if (value.get("unknown") instanceof List<?> names) {
            names.forEach(name -> unknown.add(String.valueOf(name)));
        }
        return new RowEvent(
                text(value, "table"),
                text(value, "operation"),
                text(value, "keys"),
                json(value.get("before")),
                json(value.get("after")),
                text(value, "position"),
                text(value, "transactionId"),
                unknown);
    }

    /** What the workload calls it. */
    Change change() {
        JsonNode row = operation.equals("REMOVE") ? before : after;
        String version =
                operation.equals("REMOVE") && table.equals("items")
                        ? ""
                        : " v" + row.path("version").asText();
        return new Change(table + keys, operation + version);
    }

    private static String text(GenericRecord value, String field) {
        Object found = value.get(field);
        return found == null ? "" : found.toString();
    }

    private static JsonNode json(@Nullable Object text) {
        try {
            return text == null ? MissingNode.getInstance() : JSON.readTree(text.toString());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + text, e);
        }
    }
}
