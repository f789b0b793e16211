package io.millrace.engine.execute.inprocess;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.json.JsonMapper;

import io.millrace.engine.model.Event;

import org.apache.avro.generic.IndexedRecord;

import java.nio.ByteBuffer;

/**
 * Turns events into the type a handler takes. Chosen once per function, so that bytes and text cost
 * no reflection per event. Threading: any thread; no method throws.
 */
interface InputReader {
    /** Reads one event. */
    Input read(Event event);

    /** The reader for a type. */
    static InputReader of(JavaType type, JsonMapper json, ClassLoader loader) {
        Class<?> raw = type.getRawClass();
        if (raw == byte[].class) {
            return event -> nullOr(event, value -> value.clone());
        }
        if (raw == ByteBuffer.class) {
            return event -> nullOr(event, value -> ByteBuffer.wrap(value).asReadOnlyBuffer());
        }
        if (raw == String.class) {
            return new TextReader();
        }
        if (IndexedRecord.class.isAssignableFrom(raw)) {
            return new AvroReader(raw, loader);
        }
        return new JsonReader(type, json);
    }

    private static Input nullOr(Event event, java.util.function.Function<byte[], Object> made) {
        byte[] value = event.raw().value().orNull();
        return value == null ? Input.TOMBSTONE : new Input.Value(made.apply(value));
    }
}
