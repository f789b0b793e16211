package io.millrace.engine.model;

/** The value of an event after decoding, still independent of what type the handler wants. */
public sealed interface DecodedValue {
    /** Taken as it is: bytes, text or JSON, as the handler's type says. Null stays null. */
    record Bytes(Payload value) implements DecodedValue {}

    /**
     * An Avro datum whose writer schema is known.
     *
     * @param binary the datum without the five bytes of framing
     */
    record Avro(Payload binary, WriterSchema schema) implements DecodedValue {}

    /**
     * A schema found in the registry. Instances are shared: one per id and registry, so that
     * whoever parses it can cache by identity.
     *
     * @param json the schema's text
     */
    record WriterSchema(int id, String json) {}
}
