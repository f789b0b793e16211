package io.millrace.connectors.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import io.millrace.schemas.EventHeaders;

import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/**
 * A record that could not be told as a change, as a record of the dead letter topic: what the
 * connector read, as a JSON text, with the reason in headers. It keeps the source offset, so that
 * the connector goes on behind it.
 *
 * @param condition why, as a word for machines
 */
record DeadLetter(String condition, String message) {
    /** A value, or an event as a whole, that has no form as a {@code TableChange}. */
    static final String UNMAPPABLE = "Unmappable";

    /** Larger than {@code change.bytes.max}. */
    static final String TOO_LARGE = "TooLarge";

    /** A table was emptied at once. */
    static final String TRUNCATED = "TableTruncated";

    private static final int MAX_MESSAGE = 1_000;
    private static final JsonFactory FACTORY = new JsonFactory();

    /** The record for the topic. */
    SourceRecord record(String topic, SourceRecord record, boolean withRows) {
        Headers headers = new ConnectHeaders();
        headers.addString(EventHeaders.CONDITION, condition);
        headers.addString(EventHeaders.ERROR_TYPE, condition);
        headers.addString(
                EventHeaders.ERROR_MESSAGE,
                message.substring(0, Math.min(message.length(), MAX_MESSAGE)));
        headers.addString(EventHeaders.SOURCE, record.topic());
        if (!withRows) {
            headers.addString(EventHeaders.TRUNCATED, "before,after");
        }
        return record.newRecord(
                topic,
                null,
                Schema.OPTIONAL_STRING_SCHEMA,
                record.key() == null ? null : json(record.key(), true),
                Schema.STRING_SCHEMA,
                json(record.value(), withRows),
                record.timestamp(),
                headers);
    }

    private static String json(@Nullable Object value, boolean withRows) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            write(json, value, withRows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Whatever it is, it has a form: the value that could not be told is among it. */
    private static void write(JsonGenerator json, @Nullable Object value, boolean withRows)
            throws IOException {
        if (value instanceof Struct struct) {
            json.writeStartObject();
            for (Field field : struct.schema().fields()) {
                boolean row = field.name().equals("before") || field.name().equals("after");
                if (withRows || !row) {
                    json.writeFieldName(field.name());
                    write(json, struct.getWithoutDefault(field.name()), withRows);
                }
            }
            json.writeEndObject();
        } else if (value instanceof byte[] bytes) {
            json.writeBinary(bytes);
        } else if (value instanceof java.nio.ByteBuffer buffer) {
            byte[] copy = new byte[buffer.remaining()];
            buffer.duplicate().get(copy);
            json.writeBinary(copy);
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (value instanceof Integer || value instanceof Long) {
            json.writeNumber(value.toString());
        } else if (value == null) {
            json.writeNull();
        } else {
            json.writeString(value.toString());
        }
    }
}
