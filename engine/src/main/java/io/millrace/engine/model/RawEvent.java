package io.millrace.engine.model;

import java.util.List;

/**
 * One record of a source topic as it came: bytes only, nothing decoded.
 *
 * @param timestamp the record's timestamp in milliseconds, as it was in the topic (may be negative)
 */
public record RawEvent(
        EventPosition position, Payload key, Payload value, List<Header> headers, long timestamp) {
    public RawEvent {
        headers = List.copyOf(headers);
    }

    public long offset() {
        return position.offset();
    }

    /** Bytes this event holds in memory, near enough for limits. */
    public int sizeInBytes() {
        int size = 64 + key.size() + value.size();
        for (Header header : headers) {
            size += 32 + header.key().length() + header.value().size();
        }
        return size;
    }
}
