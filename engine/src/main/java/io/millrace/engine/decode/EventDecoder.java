package io.millrace.engine.decode;

import io.millrace.engine.decode.DecodeResult.Decoded;
import io.millrace.engine.decode.DecodeResult.Unavailable;
import io.millrace.engine.decode.DecodeResult.Undecodable;
import io.millrace.engine.model.DecodedValue;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.ValueFormat;
import io.millrace.schemas.registry.WireFormat;

import java.util.Arrays;
import java.util.Optional;

/**
 * Finds out what the bytes of an event are, as its trigger's {@link ValueFormat} says.
 *
 * <ul>
 *   <li>A tombstone is decoded in every format: its value stays null.
 *   <li>An Avro value is not read here, only joined to the schema it was written with: how it is
 *       read depends on what the handler takes.
 * </ul>
 *
 * <p>Threading: any pool thread; asking the registry for a schema the first time blocks.
 */
public final class EventDecoder {
    private final SchemaLookup schemas;

    public EventDecoder(SchemaLookup schemas) {
        this.schemas = schemas;
    }

    /** Decodes one event; never throws. */
    public DecodeResult decode(RawEvent raw, ValueFormat format) {
        Payload value = raw.value();
        if (value.isNull()) {
            return asItIs(raw);
        }
        return switch (format) {
            case BYTES -> asItIs(raw);
            case JSON -> json(raw);
            case AVRO ->
                    WireFormat.isFramed(value.bytes())
                            ? avro(raw, "")
                            : undecodable("NotAvro", notFramed(value));
            case AUTO ->
                    WireFormat.isFramed(value.bytes())
                            ? avro(raw, "; if the topic holds plain bytes, set its format to bytes")
                            : asItIs(raw);
        };
    }

    private static Decoded asItIs(RawEvent raw) {
        return new Decoded(new Event(raw, new DecodedValue.Bytes(raw.value())));
    }

    private static DecodeResult json(RawEvent raw) {
        Optional<String> fault = JsonText.faultOf(raw.value().bytes());
        return fault.isPresent() ? undecodable("NotJson", fault.get()) : asItIs(raw);
    }

    private DecodeResult avro(RawEvent raw, String advice) {
        byte[] framed = raw.value().bytes();
        int id = WireFormat.id(framed);
        return switch (schemas.byId(id)) {
            case SchemaLookup.Found.Known(DecodedValue.WriterSchema schema) -> {
                Payload binary =
                        Payload.of(
                                Arrays.copyOfRange(framed, WireFormat.HEADER_SIZE, framed.length));
                yield new Decoded(new Event(raw, new DecodedValue.Avro(binary, schema)));
            }
            case SchemaLookup.Found.Missing(String reason) ->
                    new Undecodable(
                            new Failure(
                                    Failure.Kind.SCHEMA_NOT_FOUND,
                                    "SchemaNotFound",
                                    "schema " + id + ": " + reason + advice));
            case SchemaLookup.Found.Unusable(String reason) ->
                    undecodable("SchemaUnusable", "schema " + id + ": " + reason + advice);
            case SchemaLookup.Found.Unavailable(String reason) ->
                    new Unavailable(
                            new Failure(
                                    Failure.Kind.UNAVAILABLE,
                                    "SchemaRegistryUnavailable",
                                    "schema " + id + ": " + reason));
        };
    }

    private static String notFramed(Payload value) {
        return "the value ("
                + value
                + ") does not start with a zero byte and a schema id of 4 bytes";
    }

    private static Undecodable undecodable(String type, String message) {
        return new Undecodable(new Failure(Failure.Kind.UNDECODABLE, type, message));
    }
}
