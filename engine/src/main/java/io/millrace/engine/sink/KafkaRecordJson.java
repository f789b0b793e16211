package io.millrace.engine.sink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import io.millrace.engine.model.Header;
import io.millrace.engine.model.RawEvent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A record as Lambda hands it to handlers of Kafka events.
 *
 * <ul>
 *   <li>Key and value are base64; one that is null is left out, so a tombstone has no {@code value}
 *       (EVT-20, DEF-19).
 *   <li>Headers keep their order and duplicates; each is an object with one entry, an array of the
 *       bytes as numbers 0 to 255 (EVT-18). A header without value is an empty array.
 *   <li>Partition, offset and timestamp are numbers (EVT-19).
 * </ul>
 */
public final class KafkaRecordJson {
    static final JsonFactory JSON = new JsonFactory();

    private KafkaRecordJson() {}

    /** What the timestamp of a record says. */
    public enum TimestampType {
        CREATE_TIME,
        LOG_APPEND_TIME
    }

    /** The record as JSON text. */
    public static String of(RawEvent event, TimestampType type) {
        return text(json -> write(json, event, type));
    }

    /** Something that writes JSON. */
    @FunctionalInterface
    interface Body {
        void writeTo(JsonGenerator json) throws IOException;
    }

    static String text(Body body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            body.writeTo(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    static void write(JsonGenerator json, RawEvent event, TimestampType type) throws IOException {
        json.writeStartObject();
        json.writeStringField("topic", event.position().partition().topic());
        json.writeNumberField("partition", event.position().partition().partition());
        json.writeNumberField("offset", event.offset());
        json.writeNumberField("timestamp", event.timestamp());
        json.writeStringField("timestampType", type.name());
        if (!event.key().isNull()) {
            json.writeBinaryField("key", event.key().bytes());
        }
        if (!event.value().isNull()) {
            json.writeBinaryField("value", event.value().bytes());
        }
        json.writeArrayFieldStart("headers");
        for (Header header : event.headers()) {
            json.writeStartObject();
            json.writeArrayFieldStart(header.key());
            for (byte one : header.value().bytes()) {
                json.writeNumber(Byte.toUnsignedInt(one));
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
