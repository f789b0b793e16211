package io.millrace.engine.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;

/**
 * A generic Avro value as JSON for people: records and maps become objects, unions what they hold,
 * bytes base64, and what a logical type means is shown as its plain value.
 */
final class AvroJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private AvroJson() {}

    static JsonNode of(@Nullable Object value) {
        return switch (value) {
            case null -> NODES.nullNode();
            case IndexedRecord record -> object(record);
            case Map<?, ?> map -> object(map);
            case Collection<?> items -> array(items);
            case ByteBuffer bytes -> NODES.binaryNode(bytes(bytes));
            case byte[] bytes -> NODES.binaryNode(bytes);
            case GenericFixed fixed -> NODES.binaryNode(fixed.bytes());
            case Integer number -> NODES.numberNode(number);
            case Long number -> NODES.numberNode(number);
            case Float number -> NODES.numberNode(number);
            case Double number -> NODES.numberNode(number);
            case Boolean truth -> NODES.booleanNode(truth);
            default -> NODES.textNode(value.toString());
        };
    }

    private static ObjectNode object(IndexedRecord record) {
        ObjectNode node = NODES.objectNode();
        record.getSchema()
                .getFields()
                .forEach(field -> node.set(field.name(), of(record.get(field.pos()))));
        return node;
    }

    private static ObjectNode object(Map<?, ?> map) {
        ObjectNode node = NODES.objectNode();
        map.forEach((key, value) -> node.set(String.valueOf(key), of(value)));
        return node;
    }

    private static ArrayNode array(Collection<?> items) {
        ArrayNode node = NODES.arrayNode();
        items.forEach(item -> node.add(of(item)));
        return node;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
