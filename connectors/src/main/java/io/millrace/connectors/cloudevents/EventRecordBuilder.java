package io.millrace.connectors.cloudevents;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

import java.util.Map;

/**
 * Makes the source records of one topic.
 *
 * <p>The record has no timestamp of its own: the producer sets the time of writing. With the time
 * of the event, an old object would be past the topic's retention as soon as it is written.
 *
 * @param topic of all records
 */
public record EventRecordBuilder(String topic) {

    /**
     * The record of one event.
     *
     * @param key what order is kept by
     * @param sourcePartition of Kafka Connect, stored with the offset when the record is delivered
     */
    public SourceRecord record(
            String key,
            Struct value,
            CloudEventHeaders attributes,
            Map<String, ?> sourcePartition,
            Map<String, ?> sourceOffset) {
        return new SourceRecord(
                sourcePartition,
                sourceOffset,
                topic,
                null,
                Schema.STRING_SCHEMA,
                key,
                value.schema(),
                value,
                null,
                attributes.toHeaders());
    }
}
