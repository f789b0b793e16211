package io.millrace.connectors.objectstore;

import io.millrace.schemas.EventHeaders;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;

import java.util.Arrays;
import java.util.Optional;

/**
 * Messages that are no notifications -> records of the dead-letter topic: the original bytes, and
 * why in the headers.
 *
 * <p>Threading: any thread.
 */
final class NotificationDeadLetters {
    /** Bytes that are not ours; Millrace's Avro converter writes them as they are. */
    private static final Schema RAW = SchemaBuilder.bytes().name("io.millrace.raw").build();

    /** A topic's own limit is 1,048,588 bytes for record and headers. */
    private static final int MAX_BYTES = 1_000_000;

    private static final int MAX_MESSAGE = 1_000;

    private final Optional<String> topic;

    NotificationDeadLetters(Optional<String> topic) {
        this.topic = topic;
    }

    /**
     * The record of a message.
     *
     * @throws ConnectException there is no topic for dead letters
     */
    SourceRecord record(IncomingMessage message, String reason, NotificationTransport.Place place) {
        String name = message.name() + "-" + message.position();
        String target =
                topic.orElseThrow(() ->
                        new ConnectException(
                                "Message '"
                                        + name
                                        + "' is no notification: "
                                        + reason
                                        + ". Set "
                                        + NotificationConfig.DEAD_LETTER_TOPIC
                                        + " to put such messages there and go on"));
        ConnectHeaders headers = new ConnectHeaders();
        headers.addString(EventHeaders.CONDITION, "UNMAPPABLE");
        headers.addString(EventHeaders.ERROR_TYPE, "Malformed");
        headers.addString(
                EventHeaders.ERROR_MESSAGE,
                reason.substring(0, Math.min(reason.length(), MAX_MESSAGE)));
        headers.addString(EventHeaders.SOURCE, name);
        byte[] body = message.body();
        if (body.length > MAX_BYTES) {
            headers.addString(EventHeaders.TRUNCATED, "value of " + body.length + " bytes");
            body = Arrays.copyOf(body, MAX_BYTES);
        }
        return new SourceRecord(
                place.partition(),
                place.offset(),
                target,
                null,
                Schema.STRING_SCHEMA,
                name,
                RAW,
                body,
                null,
                headers);
    }
}
