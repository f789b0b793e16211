package io.millrace.engine.operations;

import io.millrace.engine.model.EventPosition;
import io.millrace.schemas.EventHeaders;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A record of a dead-letter topic, looked at. */
record DeadLetter(ConsumerRecord<byte[], byte[]> record) {
    String trigger() {
        return text(EventHeaders.TRIGGER);
    }

    String condition() {
        return text(EventHeaders.CONDITION);
    }

    String errorType() {
        return text(EventHeaders.ERROR_TYPE);
    }

    Instant at() {
        return Instant.ofEpochMilli(record.timestamp());
    }

    /** Whether the event is in it: not where it was too large, or is the state of a window. */
    boolean isComplete() {
        return record.headers().lastHeader(EventHeaders.TRUNCATED) == null && !isOfWindow();
    }

    /** What it ends with counts: the event may come from a window of another function. */
    private boolean isOfWindow() {
        Header[] headers = record.headers().toArray();
        return headers.length > 0 && headers[headers.length - 1].key().equals(EventHeaders.WINDOW);
    }

    /** Where the event was; nothing if the letter does not say. */
    Optional<EventPosition> source() {
        return EventPosition.parse(text(EventHeaders.SOURCE));
    }

    /** How often it was redriven. */
    int redrives() {
        try {
            return Integer.parseInt(text(EventHeaders.REDRIVES));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    boolean has(String header, String value) {
        for (Header found : record.headers().headers(header)) {
            if (found.value() != null
                    && value.equals(new String(found.value(), StandardCharsets.UTF_8))) {
                return true;
            }
        }
        return false;
    }

    /** The event's own headers as they were, and the count of redrives. */
    List<Header> redrivenHeaders() {
        var headers = new ArrayList<Header>();
        record.headers()
                .forEach(header -> {
                    if (!header.key().startsWith(EventHeaders.PREFIX)) {
                        headers.add(header);
                    }
                });
        String count = Integer.toString(redrives() + 1);
        headers.add(
                new RecordHeader(EventHeaders.REDRIVES, count.getBytes(StandardCharsets.UTF_8)));
        return headers;
    }

    private String text(String header) {
        Header found = record.headers().lastHeader(header);
        return found == null || found.value() == null
                ? ""
                : new String(found.value(), StandardCharsets.UTF_8);
    }
}
