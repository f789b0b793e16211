package io.millrace.engine.dev.registry;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One version of a subject.
 *
 * @param deleted softly: hidden, but still readable by its id
 * @param json the value of the record as it was read, so that fields of other registries survive
 */
record StoredSchema(
        String subject, int version, int id, String schema, boolean deleted, ObjectNode json) {
    static final String AVRO = "AVRO";

    static StoredSchema create(String subject, int version, int id, String schema) {
        // The order of the fields is part of the stored form.
        ObjectNode json =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("subject", subject)
                        .put("version", version)
                        .put("id", id)
                        .put("schema", schema)
                        .put("deleted", false);
        return new StoredSchema(subject, version, id, schema, false, json);
    }

    static StoredSchema read(ObjectNode json) {
        return new StoredSchema(
                json.required("subject").asText(),
                json.required("version").asInt(),
                json.required("id").asInt(),
                json.required("schema").asText(),
                json.path("deleted").asBoolean(),
                json);
    }

    StoredSchema softlyDeleted() {
        ObjectNode changed = json.deepCopy().put("deleted", true);
        return new StoredSchema(subject, version, id, schema, true, changed);
    }

    /** AVRO, unless another registry wrote something else. */
    String type() {
        return json.path("schemaType").asText(AVRO);
    }

    /** Whether this is that schema; references make another schema of the same text. */
    boolean isAvro(String text) {
        return type().equals(AVRO) && json.path("references").isEmpty() && schema.equals(text);
    }
}
