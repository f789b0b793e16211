package io.millrace.engine.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.millrace.engine.model.Payload;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

import java.time.Instant;

/** A record as one line, for people or as JSON. Threading: one thread. */
public final class RecordText {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ValueReader values;

    public RecordText(ValueReader values) {
        this.values = values;
    }

    /** Place, time, key, headers and value, separated by blanks. */
    public String line(ConsumerRecord<byte[], byte[]> record) {
        StringBuilder line = new StringBuilder();
        line.append(record.topic()).append('-').append(record.partition());
        line.append('@').append(record.offset());
        line.append(' ').append(Instant.ofEpochMilli(record.timestamp()));
        line.append(" key=").append(text(read(record, record.key())));
        if (record.headers().iterator().hasNext()) {
            line.append(" headers={");
            String separator = "";
            for (Header header : record.headers()) {
                line.append(separator).append(header.key()).append('=');
                line.append(text(read(record, header.value())));
                separator = ", ";
            }
            line.append('}');
        }
        return line.append(" value=").append(text(read(record, record.value()))).toString();
    }

    /** One JSON object; {@code valueType} says what the value was. */
    public String json(ConsumerRecord<byte[], byte[]> record) {
        ObjectNode node = NODES.objectNode();
        node.put("topic", record.topic());
        node.put("partition", record.partition());
        node.put("offset", record.offset());
        node.put("timestamp", Instant.ofEpochMilli(record.timestamp()).toString());
        node.set("key", tree(read(record, record.key())));
        ArrayNode headers = node.putArray("headers");
        for (Header header : record.headers()) {
            ObjectNode entry = headers.addObject();
            entry.put("name", header.key());
            entry.set("value", tree(read(record, header.value())));
        }
        ShownValue value = read(record, record.value());
        node.put("valueType", type(value));
        node.set("value", tree(value));
        return node.toString();
    }

    // Kafka gives null for a missing key, value or header value.
    private ShownValue read(ConsumerRecord<byte[], byte[]> record, byte @Nullable [] bytes) {
        return values.read(record.topic(), Payload.of(bytes));
    }

    private static String text(ShownValue value) {
        return switch (value) {
            case ShownValue.Nothing _ -> "null";
            case ShownValue.Avro avro -> avro.value().toString();
            case ShownValue.Json json -> oneLine(json.value(), json.text());
            case ShownValue.Text text -> escape(text.text());
            case ShownValue.Bytes bytes -> "<" + bytes.size() + " bytes> " + bytes.base64();
        };
    }

    private static String oneLine(JsonNode tree, String text) {
        return text.indexOf('\n') < 0 && text.indexOf('\r') < 0 ? text : tree.toString();
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }

    private static JsonNode tree(ShownValue value) {
        return switch (value) {
            case ShownValue.Nothing _ -> NODES.nullNode();
            case ShownValue.Avro avro -> avro.value();
            case ShownValue.Json json -> json.value();
            case ShownValue.Text text -> NODES.textNode(text.text());
            case ShownValue.Bytes bytes -> NODES.textNode(bytes.base64());
        };
    }

    private static String type(ShownValue value) {
        return switch (value) {
            case ShownValue.Nothing _ -> "null";
            case ShownValue.Avro _ -> "avro";
            case ShownValue.Json _ -> "json";
            case ShownValue.Text _ -> "text";
            case ShownValue.Bytes _ -> "bytes";
        };
    }
}
