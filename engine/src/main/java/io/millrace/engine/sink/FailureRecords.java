package io.millrace.engine.sink;

import com.fasterxml.jackson.core.JsonGenerator;

import io.millrace.engine.model.BatchRange;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.sink.KafkaRecordJson.TimestampType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The documents Lambda writes to a failure destination (DEF-17, form {@code aws}).
 *
 * <ul>
 *   <li>Three forms: of a stream's batch (STR-8, STR-16), of a batch of Kafka records (KAF-8), and
 *       of one Kafka record with its contents, for destinations that are topics.
 *   <li>Without an answer of the function, {@code responseContext} is left out of a stream's form
 *       and null in Kafka's.
 *   <li>Offsets are text. Times are UTC with exactly three decimals.
 *   <li>Nothing depends on anything but the arguments: the same facts give the same bytes.
 * </ul>
 */
public final class FailureRecords {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private FailureRecords() {}

    /** A batch of a stream: its coordinates, not its events (STR-15). */
    public static Payload ofStreamBatch(FailureFacts facts, BatchRange batch, String streamArn) {
        return document(json -> {
            requestContext(json, facts);
            if (facts.condition().isAnswered()) {
                responseContext(json, facts);
            }
            versionAndTime(json, facts);
            json.writeObjectFieldStart("KinesisBatchInfo");
            json.writeStringField(
                    "shardId", String.format("shardId-%012d", batch.partition().partition()));
            json.writeStringField("startSequenceNumber", sequence(batch.firstOffset()));
            json.writeStringField("endSequenceNumber", sequence(batch.lastOffset()));
            json.writeStringField("approximateArrivalOfFirstRecord", time(batch.firstTimestamp()));
            json.writeStringField("approximateArrivalOfLastRecord", time(batch.lastTimestamp()));
            json.writeNumberField("batchSize", batch.size());
            json.writeStringField("streamArn", streamArn);
            json.writeEndObject();
        });
    }

    /**
     * A batch of Kafka records: its coordinates, for destinations that are not topics.
     *
     * @param payloadSize bytes of the event as it was handed to the function
     */
    public static Payload ofKafkaBatch(
            FailureFacts facts, BatchRange batch, KafkaSource source, long payloadSize) {
        return document(json -> {
            kafkaContexts(json, facts);
            kafkaBatch(json, source, batch.size(), payloadSize);
            json.writeObjectFieldStart("recordsInfo");
            json.writeObjectFieldStart(batch.partition().toString());
            json.writeStringField("firstRecordOffset", Long.toString(batch.firstOffset()));
            json.writeStringField("lastRecordOffset", Long.toString(batch.lastOffset()));
            json.writeStringField("firstRecordTimestamp", time(batch.firstTimestamp()));
            json.writeStringField("lastRecordTimestamp", time(batch.lastTimestamp()));
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    /** One Kafka record with its contents, for a destination that is a topic (KAF-7, KAF-8). */
    public static Payload ofKafkaRecord(
            FailureFacts facts, RawEvent event, TimestampType type, KafkaSource source) {
        String payload = payload(event, type, source);
        return document(json -> {
            kafkaContexts(json, facts);
            int size = payload.getBytes(StandardCharsets.UTF_8).length;
            kafkaBatch(json, source, 1, size);
            json.writeObjectFieldStart("recordInfo");
            json.writeStringField("offset", Long.toString(event.offset()));
            json.writeStringField("timestamp", time(Instant.ofEpochMilli(event.timestamp())));
            json.writeEndObject();
            json.writeEndObject();
            json.writeFieldName("payload");
            json.writeRawValue(payload);
        });
    }

    private static String payload(RawEvent event, TimestampType type, KafkaSource source) {
        return KafkaRecordJson.text(json -> {
            json.writeStartObject();
            json.writeStringField("bootstrapServers", source.bootstrapServers());
            json.writeStringField("eventSource", source.name());
            if (source.arn().isPresent()) {
                json.writeStringField("eventSourceArn", source.arn().get());
            }
            json.writeObjectFieldStart("records");
            json.writeArrayFieldStart(event.position().partition().toString());
            KafkaRecordJson.write(json, event, type);
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    private static Payload document(KafkaRecordJson.Body body) {
        return Payload.of(
                KafkaRecordJson.text(json -> {
                    json.writeStartObject();
                    body.writeTo(json);
                    json.writeEndObject();
                }));
    }

    private static void kafkaContexts(JsonGenerator json, FailureFacts facts) throws IOException {
        requestContext(json, facts);
        if (facts.condition().isAnswered()) {
            responseContext(json, facts);
        } else {
            json.writeNullField("responseContext");
        }
        versionAndTime(json, facts);
    }

    private static void requestContext(JsonGenerator json, FailureFacts facts) throws IOException {
        json.writeObjectFieldStart("requestContext");
        json.writeStringField("requestId", facts.requestId());
        json.writeStringField("functionArn", facts.functionArn());
        json.writeStringField("condition", facts.condition().text());
        json.writeNumberField("approximateInvokeCount", facts.writtenCount());
        json.writeEndObject();
    }

    private static void responseContext(JsonGenerator json, FailureFacts facts) throws IOException {
        json.writeObjectFieldStart("responseContext");
        json.writeNumberField("statusCode", 200);
        json.writeStringField("executedVersion", facts.executedVersion());
        if (facts.functionError().isPresent()) {
            json.writeStringField("functionError", facts.functionError().get());
        } else {
            json.writeNullField("functionError");
        }
        json.writeEndObject();
    }

    private static void versionAndTime(JsonGenerator json, FailureFacts facts) throws IOException {
        json.writeStringField("version", "1.0");
        json.writeStringField("timestamp", time(facts.failedAt()));
    }

    /** Opens the object; its end is the caller's, who adds what the records are. */
    private static void kafkaBatch(JsonGenerator json, KafkaSource source, int size, long bytes)
            throws IOException {
        json.writeObjectFieldStart("KafkaBatchInfo");
        json.writeNumberField("batchSize", size);
        if (source.arn().isPresent()) {
            json.writeStringField("eventSourceArn", source.arn().get());
        }
        json.writeStringField("bootstrapServers", source.bootstrapServers());
        json.writeNumberField("payloadSize", bytes);
    }

    private static String time(Instant instant) {
        return TIME.format(instant);
    }

    private static String sequence(long offset) {
        return String.format("%020d", offset);
    }
}
