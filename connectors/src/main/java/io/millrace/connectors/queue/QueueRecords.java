package io.millrace.connectors.queue;

import io.millrace.connectors.cloudevents.CloudEventHeaders;
import io.millrace.connectors.cloudevents.EventSchemas;
import io.millrace.schemas.EventHeaders;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.source.SourceRecord;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes records of messages: events, and dead letters of what cannot be one.
 *
 * <p>A dead letter's value is the body as it came. One that is larger than a record may be is split
 * into several, numbered in {@code millrace-part}, so that no byte is lost.
 */
final class QueueRecords {
    static final String TYPE = "io.millrace.queue.message";

    /** Which piece of a dead letter this is: n/m. */
    static final String PART = EventHeaders.PREFIX + "part";

    /** What a record needs beside body, attributes and key, generously. */
    private static final int OVERHEAD = 2048;

    private static final int MAX_MESSAGE = 1000;

    private final QueueSettings settings;
    private final String queue;
    private final String uri;

    QueueRecords(QueueSettings settings, String queue, String uri) {
        this.settings = settings;
        this.queue = queue;
        this.uri = uri;
    }

    /** Why the message cannot be an event; empty if it can. */
    Optional<DeadLetterReason> reason(ReceivedMessage<?> message) {
        if (message.fault().isPresent()) {
            return Optional.of(
                    new DeadLetterReason("UNMAPPABLE", "Unmappable", message.fault().get()));
        }
        long size = size(message);
        if (size > settings.maxRecordBytes()) {
            return Optional.of(
                    new DeadLetterReason(
                            "TOO_LARGE",
                            "RecordTooLarge",
                            "The record would have about "
                                    + size
                                    + " bytes, "
                                    + QueueSettings.MAX_RECORD_BYTES
                                    + " allows "
                                    + settings.maxRecordBytes()));
        }
        return Optional.empty();
    }

    /**
     * The record of an event.
     *
     * @param eventId CloudEvents id
     * @param mark source partition and offset to store with it
     */
    SourceRecord event(ReceivedMessage<?> message, String eventId, RepeatWindow.Mark mark) {
        Struct value =
                new Struct(EventSchemas.QUEUE_MESSAGE)
                        .put("queue", queue)
                        .put("messageId", message.id().orElse(eventId))
                        .put("body", message.body().duplicate())
                        .put("contentType", message.contentType().orElse(null))
                        .put("attributes", message.attributes())
                        .put("groupId", message.group().orElse(null))
                        .put("sentAt", message.sentAt().map(Date::from).orElse(null))
                        .put("receiveCount", message.receiveCount())
                        .put("attributeTypes", message.attributeTypes());
        Headers headers = attributes(message, eventId, settings.contentType()).toHeaders();
        addSenders(headers, message);
        return record(mark, settings.topic(), message, value.schema(), value, headers);
    }

    /**
     * The records of a dead letter.
     *
     * @param before what all but the last carry
     * @param last what the last carries: only with it the message is done
     * @throws ConnectException there is no topic for dead letters
     */
    List<SourceRecord> deadLetter(
            ReceivedMessage<?> message,
            String eventId,
            DeadLetterReason reason,
            RepeatWindow.Mark before,
            RepeatWindow.Mark last) {
        String topic =
                settings.deadLetterTopic()
                        .orElseThrow(() ->
                                new ConnectException(
                                        "Message '"
                                                + message.id().orElse(eventId)
                                                + "' of queue '"
                                                + queue
                                                + "' cannot be an event: "
                                                + reason.text()
                                                + ". It stays in the queue; set "
                                                + QueueSettings.DEAD_LETTER_TOPIC
                                                + " to go on with the others"));
        List<ByteBuffer> pieces = pieces(message);
        List<SourceRecord> records = new ArrayList<>(pieces.size());
        for (int i = 0; i < pieces.size(); i++) {
            Headers headers = attributes(message, eventId, message.contentType()).toHeaders();
            if (message.headers().values().stream().mapToLong(String::length).sum()
                    < settings.maxRecordBytes() / 2) {
                addSenders(headers, message);
            } else {
                headers.addString(EventHeaders.TRUNCATED, "headers");
            }
            headers.addString(EventHeaders.CONDITION, reason.condition());
            headers.addString(EventHeaders.ERROR_TYPE, reason.type());
            headers.addString(EventHeaders.ERROR_MESSAGE, cut(reason.text()));
            if (pieces.size() > 1) {
                headers.addString(PART, (i + 1) + "/" + pieces.size());
            }
            RepeatWindow.Mark mark = i + 1 < pieces.size() ? before : last;
            records.add(record(mark, topic, message, EventSchemas.RAW, pieces.get(i), headers));
        }
        return records;
    }

    private CloudEventHeaders attributes(
            ReceivedMessage<?> message, String eventId, Optional<String> contentType) {
        return new CloudEventHeaders(
                eventId,
                uri,
                TYPE,
                message.id().orElse(queue),
                message.sentAt().filter(at -> at.isAfter(Instant.EPOCH)),
                contentType);
    }

    private static SourceRecord record(
            RepeatWindow.Mark mark,
            String topic,
            ReceivedMessage<?> message,
            Schema schema,
            Object value,
            Headers headers) {
        return new SourceRecord(
                mark.partition(),
                mark.offset(),
                topic,
                null,
                message.group().isPresent() ? Schema.STRING_SCHEMA : null,
                message.group().orElse(null),
                schema,
                value,
                null,
                new ConnectHeaders(headers));
    }

    /** Only names that neither CloudEvents nor Millrace gives a meaning to. */
    private static void addSenders(Headers headers, ReceivedMessage<?> message) {
        message.headers()
                .forEach((name, value) -> {
                    if (!name.startsWith("ce_")
                            && !name.startsWith(EventHeaders.PREFIX)
                            && !name.equalsIgnoreCase(EventHeaders.CONTENT_TYPE)) {
                        headers.addString(name, value);
                    }
                });
    }

    private List<ByteBuffer> pieces(ReceivedMessage<?> message) {
        // As the value of a record, bytes may become base64.
        int most = Math.max(1, (settings.maxRecordBytes() - 2 * OVERHEAD) / 3);
        ByteBuffer body = message.body().duplicate();
        if (body.remaining() <= 2 * most) {
            return List.of(body);
        }
        List<ByteBuffer> pieces = new ArrayList<>();
        for (int from = 0; from < body.limit(); from += most) {
            pieces.add(body.slice(from, Math.min(most, body.limit() - from)));
        }
        return pieces;
    }

    private long size(ReceivedMessage<?> message) {
        long body = message.body().remaining();
        return OVERHEAD
                + (settings.bytesGrow() ? body * 4 / 3 : body)
                + size(message.attributes())
                + size(message.headers())
                + 2L * message.group().map(QueueRecords::length).orElse(0);
    }

    private static long size(Map<String, String> texts) {
        return texts.entrySet().stream()
                .mapToLong(each -> 10L + length(each.getKey()) + length(each.getValue()))
                .sum();
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String cut(String text) {
        return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE);
    }

    /**
     * Why a message is a dead letter.
     *
     * @param condition a word for machines
     * @param type kind of failure
     * @param text a sentence
     */
    record DeadLetterReason(String condition, String type, String text) {}
}
