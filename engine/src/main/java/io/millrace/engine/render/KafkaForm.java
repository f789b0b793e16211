package io.millrace.engine.render;

import com.fasterxml.jackson.core.JsonGenerator;

import io.millrace.engine.model.Header;
import io.millrace.engine.model.WindowInput;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * KafkaEvent of a self-managed cluster, of any record (EVT-17 to EVT-20, DEF-19).
 *
 * <ul>
 *   <li>{@code key} and {@code value} are in base64 as they lie in the topic, a schema id in front
 *       included; a null is left out. A header without value has no bytes.
 *   <li>The item identifier is {@code {"partition":"orders-0","offset":100}}.
 * </ul>
 */
record KafkaForm(RenderSettings settings) implements Form {
    @Override
    public String name() {
        return "KafkaEvent";
    }

    @Override
    public String write(SourceRecord record, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("topic", record.topic());
        out.writeNumberField("partition", record.partition());
        out.writeNumberField("offset", record.offset());
        out.writeNumberField("timestamp", record.raw().timestamp());
        out.writeStringField(
                "timestampType", settings.appendTimes() ? "LOG_APPEND_TIME" : "CREATE_TIME");
        if (!record.raw().key().isNull()) {
            out.writeBinaryField("key", record.raw().key().bytes());
        }
        if (!record.raw().value().isNull()) {
            out.writeBinaryField("value", record.bytes());
        }
        out.writeArrayFieldStart("headers");
        for (Header header : record.raw().headers()) {
            writeHeader(header, out);
        }
        out.writeEndArray();
        out.writeEndObject();
        return record.raw().position().toString();
    }

    private static void writeHeader(Header header, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeArrayFieldStart(header.key());
        for (byte each : header.value().bytes()) {
            out.writeNumber(Byte.toUnsignedInt(each));
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    @Override
    public byte[] document(List<Part> parts, Optional<WindowInput> window) throws IOException {
        return Documents.ofPartitions(parts, settings.bootstrapServers());
    }
}
