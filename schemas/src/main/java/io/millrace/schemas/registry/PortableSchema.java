package io.millrace.schemas.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

import java.util.ArrayList;
import java.util.List;

/**
 * A schema without what Avro's code generator adds for Java, so that the registered contract is the
 * one that was written and not one more version for each language.
 */
final class PortableSchema {
    private PortableSchema() {}

    static Schema of(Schema schema) {
        String text = schema.toString();
        if (!text.contains(GenericData.STRING_PROP)) {
            return schema;
        }
        try {
            JsonNode portable = strip(RegistryAnswer.JSON.readTree(text));
            Schema.Parser parser = new Schema.Parser(NameValidator.NO_VALIDATION);
            return parser.setValidateDefaults(false).parse(portable.toString());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a schema printed itself as no JSON", e);
        }
    }

    private static JsonNode strip(JsonNode node) {
        if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, strip(array.get(i)));
            }
        }
        if (node instanceof ObjectNode object) {
            return strip(object);
        }
        return node;
    }

    private static JsonNode strip(ObjectNode object) {
        boolean removed = object.remove(GenericData.STRING_PROP) != null;
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            // A default is data, not schema.
            if (!name.equals("default")) {
                object.set(name, strip(object.get(name)));
            }
        }
        boolean plain = removed && object.size() == 1 && object.path("type").isTextual();
        return plain ? object.get("type") : object;
    }
}
