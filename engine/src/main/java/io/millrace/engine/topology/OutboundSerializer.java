package io.millrace.engine.topology;

import io.millrace.engine.model.Header;
import io.millrace.engine.model.OutboundRecord;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/** Writes the value of an outbound record; the sink takes the topic from it too. */
final class OutboundSerializer implements Serializer<OutboundRecord> {
    @Override
    public byte @Nullable [] serialize(String topic, OutboundRecord record) {
        return record.value().orNull();
    }

    /** The form in which an outbound record is forwarded to the sink, with headers of its own. */
    static Record<byte @Nullable [], OutboundRecord> toForward(OutboundRecord record) {
        return new Record<>(
                record.key().orNull(),
                record,
                record.timestamp(),
                new RecordHeaders(headers(record)));
    }

    /** The form in which it is sent past the sink. */
    static ProducerRecord<byte[], byte[]> toSend(OutboundRecord record) {
        return new ProducerRecord<>(
                record.topic(),
                null,
                record.timestamp(),
                record.key().orNull(),
                record.value().orNull(),
                Arrays.asList(headers(record)));
    }

    private static org.apache.kafka.common.header.Header[] headers(OutboundRecord record) {
        List<Header> from = record.headers();
        var to = new org.apache.kafka.common.header.Header[from.size()];
        for (int i = 0; i < to.length; i++) {
            Header header = from.get(i);
            to[i] = new RecordHeader(header.key(), header.value().orNull());
        }
        return to;
    }
}
