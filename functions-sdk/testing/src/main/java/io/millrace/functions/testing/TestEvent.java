package io.millrace.functions.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

import io.millrace.engine.model.Header;
import io.millrace.engine.model.Payload;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An event as a producer would publish it. Immutable.
 *
 * @param key decides the lane, and so the order
 * @param time timestamp of the record; that of its delivery if there is none
 */
public record TestEvent(Payload key, Payload value, List<Header> headers, Optional<Instant> time) {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .build();

    public TestEvent {
        headers = List.copyOf(headers);
    }

    /** Text, as UTF-8. */
    public static TestEvent text(String value) {
        return bytes(Payload.of(value).bytes());
    }

    /** Bytes as they are. */
    public static TestEvent bytes(byte[] value) {
        return new TestEvent(Payload.NULL, Payload.of(value.clone()), List.of(), Optional.empty());
    }

    /** A value as JSON: records, maps, and the typed events of the SDK. */
    public static TestEvent json(Object value) {
        try {
            return bytes(JSON.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "a " + value.getClass().getName() + " cannot be written as JSON", e);
        }
    }

    /** A record without value, as compaction leaves it for a removed key. */
    public static TestEvent tombstone() {
        return new TestEvent(Payload.NULL, Payload.NULL, List.of(), Optional.empty());
    }

    public TestEvent withKey(String newKey) {
        return new TestEvent(Payload.of(newKey), value, headers, time);
    }

    public TestEvent withHeader(String name, String text) {
        var more = new ArrayList<>(headers);
        more.add(Header.of(name, text));
        return new TestEvent(key, value, more, time);
    }

    /** With this timestamp, which says to which tumbling window the event belongs. */
    public TestEvent at(Instant timestamp) {
        return new TestEvent(key, value, headers, Optional.of(timestamp));
    }
}
