package io.millrace.it.prove.core;

import io.millrace.schemas.EventHeaders;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A committed record as a reader sees it. Keys, values and headers are ISO-8859-1 text, so that no
 * byte of them is lost.
 *
 * @param key empty if it is null
 * @param value empty if it is null
 */
record Line(
        int partition,
        long offset,
        long timestamp,
        Optional<String> key,
        Optional<String> value,
        List<Field> headers) {
    /** A header; its value is empty if it is null. */
    record Field(String name, Optional<String> value) {}

    Line {
        headers = List.copyOf(headers);
    }

    static Line of(ConsumerRecord<byte[], byte[]> record) {
        List<Field> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(new Field(header.key(), latin(header.value())));
        }
        return new Line(
                record.partition(),
                record.offset(),
                record.timestamp(),
                latin(record.key()),
                latin(record.value()),
                headers);
    }

    private static Optional<String> latin(byte[] bytes) {
        return Optional.ofNullable(bytes)
                .map(present -> new String(present, StandardCharsets.ISO_8859_1));
    }

    /** The value, empty text if there is none. */
    String text() {
        return value.orElse("");
    }

    /** The last header of this name, empty text if there is none. */
    String header(String name) {
        return headers.stream()
                .filter(field -> field.name().equals(name))
                .reduce((_, last) -> last)
                .flatMap(Field::value)
                .orElse("");
    }

    /** Headers that are not Millrace's. */
    List<Field> foreignHeaders() {
        return headers.stream()
                .filter(field -> !field.name().startsWith(EventHeaders.PREFIX))
                .toList();
    }

    /** Where the event lies that this comes from: {@code partition@offset}. */
    String origin() {
        String source = header(EventHeaders.SOURCE);
        int offset = source.lastIndexOf('-');
        int partition = source.lastIndexOf('-', Math.max(0, offset - 1));
        return offset < 0 || partition < 0
                ? "nowhere"
                : source.substring(partition + 1, offset) + "@" + source.substring(offset + 1);
    }

    /** The place of this record itself: {@code partition@offset}. */
    String place() {
        return partition + "@" + offset;
    }

    Line withValue(String other) {
        return new Line(partition, offset, timestamp, key, Optional.of(other), headers);
    }

    Line withHeader(String name, String other) {
        List<Field> changed = new ArrayList<>();
        for (Field field : headers) {
            changed.add(field.name().equals(name) ? new Field(name, Optional.of(other)) : field);
        }
        return new Line(partition, offset, timestamp, key, value, changed);
    }
}
