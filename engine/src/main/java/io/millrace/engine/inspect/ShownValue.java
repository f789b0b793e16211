package io.millrace.engine.inspect;

import com.fasterxml.jackson.databind.JsonNode;

/** Bytes of a record as people can read them. */
public sealed interface ShownValue {
    /** Kafka's null: no key, or a tombstone. */
    record Nothing() implements ShownValue {}

    /** An Avro value whose schema the registry has. */
    record Avro(JsonNode value) implements ShownValue {}

    /**
     * JSON.
     *
     * @param text as it was written
     */
    record Json(JsonNode value, String text) implements ShownValue {}

    record Text(String text) implements ShownValue {}

    /** Anything else. */
    record Bytes(int size, String base64) implements ShownValue {}
}
