package io.millrace.it.prove.sources;

import io.millrace.engine.model.Payload;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A committed record of a topic.
 *
 * @param key as a text; empty without one
 * @param value its bytes as they are
 * @param headers as texts; of several of one name the last
 * @param timestamp in milliseconds since 1970
 */
public record TopicRecord(
        int partition,
        long offset,
        String key,
        Payload value,
        Map<String, String> headers,
        long timestamp) {
    public TopicRecord {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    static TopicRecord of(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Header header : record.headers()) {
            headers.put(
                    header.key(),
                    header.value() == null
                            ? ""
                            : new String(header.value(), StandardCharsets.UTF_8));
        }
        return new TopicRecord(
                record.partition(),
                record.offset(),
                Payload.of(record.key()).text(),
                Payload.of(record.value()),
                headers,
                record.timestamp());
    }

    /** Empty when there is no such header. */
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }
}
