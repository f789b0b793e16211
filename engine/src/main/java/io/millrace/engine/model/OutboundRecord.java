package io.millrace.engine.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A record the engine is going to write.
 *
 * @param timestamp milliseconds, never negative
 */
public record OutboundRecord(
        String topic, Payload key, Payload value, List<Header> headers, long timestamp) {
    public OutboundRecord {
        headers = List.copyOf(headers);
    }

    public OutboundRecord withHeader(Header last) {
        var more = new ArrayList<>(headers);
        more.add(last);
        return new OutboundRecord(topic, key, value, more, timestamp);
    }
}
