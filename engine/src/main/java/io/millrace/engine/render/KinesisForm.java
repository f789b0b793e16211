package io.millrace.engine.render;

import com.fasterxml.jackson.core.JsonGenerator;

import io.millrace.engine.model.WindowInput;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * KinesisEvent, of any record (EVT-1, DEF-19): the topic is the stream, the partition the shard.
 *
 * <ul>
 *   <li>{@code data} is the value as it lies in the topic, a schema id in front of it included;
 *       empty for a tombstone. Headers have no place.
 *   <li>{@code sequenceNumber}, which is the item identifier, is the offset in 20 digits.
 *   <li>{@code partitionKey} is the key as UTF-8, in base64 if it is none, empty if there is none.
 *   <li>{@code encryptionType} is left out.
 * </ul>
 */
record KinesisForm(RenderSettings settings) implements Form {
    private static final int DIGITS = 20;

    @Override
    public String name() {
        return "KinesisEvent";
    }

    @Override
    public String write(SourceRecord record, JsonGenerator out) throws IOException {
        String sequenceNumber = record.sequenceNumber(DIGITS);
        out.writeStartObject();
        out.writeObjectFieldStart("kinesis");
        out.writeStringField("kinesisSchemaVersion", "1.0");
        out.writeStringField("partitionKey", Texts.utf8OrBase64(record.raw().key().bytes()));
        out.writeStringField("sequenceNumber", sequenceNumber);
        out.writeBinaryField("data", record.bytes());
        out.writeNumberField(
                "approximateArrivalTimestamp", Times.decimal(record.raw().timestamp()));
        out.writeEndObject();
        out.writeStringField("eventSource", "aws:kinesis");
        out.writeStringField("eventVersion", "1.0");
        out.writeStringField("eventID", Shards.id(record.partition()) + ":" + sequenceNumber);
        out.writeStringField("eventName", "aws:kinesis:record");
        out.writeStringField(
                "invokeIdentityArn",
                settings.account()
                        .arn(
                                "iam",
                                "",
                                settings.account().accountId(),
                                "role/" + settings.function()));
        out.writeStringField("awsRegion", settings.account().region());
        out.writeStringField("eventSourceARN", arn());
        out.writeEndObject();
        return Long.toString(record.offset());
    }

    private String arn() {
        return settings.account().arn("kinesis", "stream/" + settings.sourceTopic());
    }

    @Override
    public byte[] document(List<Part> parts, Optional<WindowInput> window) throws IOException {
        return window.isEmpty()
                ? Documents.ofRecords(parts)
                : Documents.ofWindow(parts, window.get(), Shards.of(parts, window.get()), arn());
    }
}
