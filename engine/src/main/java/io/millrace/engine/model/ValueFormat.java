package io.millrace.engine.model;

/** How the values of a source topic are decoded before the handler sees them. */
public enum ValueFormat {
    /** Confluent-framed Avro where a value starts with its magic byte, bytes otherwise. */
    AUTO,
    /** Nothing is decoded. */
    BYTES,
    /** JSON text; anything else is undecodable. */
    JSON,
    /** Confluent-framed Avro; anything else is undecodable. */
    AVRO
}
