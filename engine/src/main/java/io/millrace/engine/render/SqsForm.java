package io.millrace.engine.render;

import com.fasterxml.jackson.core.JsonGenerator;

import io.millrace.engine.model.WindowInput;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * SQSEvent, of a QueueMessage or of any record (EVT-6 to EVT-8): see {@link Message}.
 *
 * <ul>
 *   <li>{@code messageId} is the item identifier.
 *   <li>{@code ApproximateReceiveCount} counts how often the queue handed the message out, and
 *       every attempt here behind the first (DEF-12).
 *   <li>A message group makes it the message of a FIFO queue; what the queue did not tell of it is
 *       made up: {@code SequenceNumber} is the offset in 20 digits, {@code MessageDeduplicationId}
 *       the message id.
 *   <li>{@code ApproximateFirstReceiveTimestamp} is the record's timestamp; so is {@code
 *       SentTimestamp} where the queue did not tell. {@code SenderId} is the account.
 *   <li>{@code receiptHandle} says where the record lies: there is nothing left to be deleted.
 *   <li>{@code md5OfMessageAttributes} is left out where there are none (EVT-7). The media type of
 *       the body has no place.
 * </ul>
 */
record SqsForm(RenderSettings settings) implements Form {
    private static final int DIGITS = 20;

    @Override
    public String name() {
        return "SQSEvent";
    }

    @Override
    public String write(SourceRecord record, JsonGenerator out) throws IOException, Unrenderable {
        Message message = Message.of(record);
        out.writeStartObject();
        out.writeStringField("messageId", message.id());
        out.writeStringField(
                "receiptHandle",
                Texts.base64(record.raw().position().toString().getBytes(StandardCharsets.UTF_8)));
        out.writeStringField("body", message.body());
        out.writeObjectFieldStart("attributes");
        for (Map.Entry<String, String> attribute : system(message, record).entrySet()) {
            out.writeStringField(attribute.getKey(), attribute.getValue());
        }
        out.writeEndObject();
        out.writeObjectFieldStart("messageAttributes");
        for (Map.Entry<String, MessageAttribute> one : message.attributes().entrySet()) {
            out.writeFieldName(one.getKey());
            write(one.getValue(), out);
        }
        out.writeEndObject();
        if (!message.attributes().isEmpty()) {
            out.writeStringField(
                    "md5OfMessageAttributes", MessageAttribute.md5(message.attributes()));
        }
        out.writeStringField(
                "md5OfBody", Identity.md5(message.body().getBytes(StandardCharsets.UTF_8)));
        out.writeStringField("eventSource", "aws:sqs");
        out.writeStringField("eventSourceARN", settings.account().arn("sqs", message.place()));
        out.writeStringField("awsRegion", settings.account().region());
        out.writeEndObject();
        return message.id();
    }

    private SortedMap<String, String> system(Message message, SourceRecord record) {
        SortedMap<String, String> all = new TreeMap<>(message.system());
        String timestamp = Long.toString(record.raw().timestamp());
        all.put(
                Message.RECEIVE_COUNT,
                Long.toString(message.receiveCount() + record.attempt() - 1));
        message.sentAt()
                .map(Instant::toEpochMilli)
                .ifPresent(sent -> all.put(Message.SENT, Long.toString(sent)));
        all.putIfAbsent(Message.SENT, timestamp);
        all.putIfAbsent(Message.FIRST_RECEIVED, timestamp);
        all.putIfAbsent(Message.SENDER, settings.account().accountId());
        message.groupId().ifPresent(group -> all.put(Message.GROUP, group));
        if (all.containsKey(Message.GROUP)) {
            all.putIfAbsent(Message.SEQUENCE, record.sequenceNumber(DIGITS));
            all.putIfAbsent(Message.DEDUPLICATION, message.id());
        }
        return all;
    }

    private static void write(MessageAttribute attribute, JsonGenerator out) throws IOException {
        out.writeStartObject();
        if (attribute.isBinary()) {
            out.writeBinaryField("binaryValue", attribute.value().bytes());
        } else {
            out.writeStringField("stringValue", attribute.value().text());
        }
        out.writeArrayFieldStart("stringListValues");
        out.writeEndArray();
        out.writeArrayFieldStart("binaryListValues");
        out.writeEndArray();
        out.writeStringField("dataType", attribute.type());
        out.writeEndObject();
    }

    @Override
    public byte[] document(List<Part> parts, Optional<WindowInput> window) {
        return Documents.ofRecords(parts);
    }
}
