package io.millrace.engine.dev.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.millrace.engine.model.Payload;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One record of {@code _schemas}; key and value are JSON with a fixed order of fields. */
sealed interface RegistryRecord {
    /** A version of a subject; no schema means that it is gone for good. */
    record SchemaRecord(String subject, int version, Optional<StoredSchema> schema)
            implements RegistryRecord {
        static SchemaRecord of(StoredSchema schema) {
            return new SchemaRecord(schema.subject(), schema.version(), Optional.of(schema));
        }
    }

    /** All versions of a subject up to this one are softly deleted. */
    record DeleteSubjectRecord(String subject, int version) implements RegistryRecord {}

    /** The level of a subject, or of all without one of their own; no level means the default. */
    record ConfigRecord(Optional<String> subject, Optional<CompatibilityLevel> level)
            implements RegistryRecord {}

    default Payload key() {
        ObjectNode key = JsonNodeFactory.instance.objectNode();
        return switch (this) {
            case SchemaRecord it ->
                    json(
                            key.put("keytype", "SCHEMA")
                                    .put("subject", it.subject)
                                    .put("version", it.version)
                                    .put("magic", 1));
            case DeleteSubjectRecord it ->
                    json(
                            key.put("keytype", "DELETE_SUBJECT")
                                    .put("subject", it.subject)
                                    .put("magic", 0));
            case ConfigRecord it ->
                    json(
                            key.put("keytype", "CONFIG")
                                    .put("subject", it.subject.orElse(null))
                                    .put("magic", 0));
        };
    }

    default Payload value() {
        ObjectNode value = JsonNodeFactory.instance.objectNode();
        return switch (this) {
            case SchemaRecord it ->
                    it.schema.map(schema -> json(schema.json())).orElse(Payload.NULL);
            case DeleteSubjectRecord it ->
                    json(value.put("subject", it.subject).put("version", it.version));
            case ConfigRecord it ->
                    it.level
                            .map(level -> json(value.put("compatibilityLevel", level.name())))
                            .orElse(Payload.NULL);
        };
    }

    /** Reads a record; empty for the kinds that say nothing about schemas or levels. */
    static Optional<RegistryRecord> read(Payload key, Payload value) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        JsonNode name = mapper.readTree(key.bytes());
        JsonNode body = mapper.readTree(value.bytes());
        String subject = name.path("subject").asText("");
        return switch (name.path("keytype").asText()) {
            case "SCHEMA" ->
                    Optional.of(
                            new SchemaRecord(
                                    name.required("subject").asText(),
                                    name.required("version").asInt(),
                                    body instanceof ObjectNode json
                                            ? Optional.of(StoredSchema.read(json))
                                            : Optional.empty()));
            case "DELETE_SUBJECT" ->
                    body.isObject()
                            ? Optional.of(
                                    new DeleteSubjectRecord(
                                            subject, body.required("version").asInt()))
                            : Optional.empty();
            case "CONFIG" ->
                    Optional.of(
                            new ConfigRecord(
                                    name.path("subject").isTextual()
                                            ? Optional.of(subject)
                                            : Optional.empty(),
                                    CompatibilityLevel.parse(
                                            body.path("compatibilityLevel").asText(""))));
            default -> Optional.empty();
        };
    }

    private static Payload json(ObjectNode node) {
        return Payload.of(node.toString().getBytes(StandardCharsets.UTF_8));
    }
}
