package io.millrace.engine.sink;

import io.millrace.engine.model.Header;
import io.millrace.engine.model.OutboundRecord;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds records that are too large before they are sent.
 *
 * <p>Within a transaction an oversized record breaks the producer, and no exception handler of
 * Kafka Streams can save the thread. The size is the client's own upper bound for a batch of this
 * one record, without compression.
 *
 * <p>Threading: any thread; what is learnt holds for the next record.
 */
public final class SizeGuard {
    private static final int BATCH_OVERHEAD = 61;
    private static final int RECORD_OVERHEAD = 21;
    private static final int MAX_VARINT = 5;

    private volatile Map<String, Integer> limits;
    private final int defaultLimit;

    /**
     * @param limits bytes per topic
     * @param defaultLimit bytes for every other topic
     */
    public SizeGuard(Map<String, Integer> limits, int defaultLimit) {
        this.limits = Map.copyOf(limits);
        this.defaultLimit = defaultLimit;
    }

    public int limit(String topic) {
        return limits.getOrDefault(topic, defaultLimit);
    }

    /**
     * Topics take less, or more, than they did; never more than the default limit, which is what
     * the producer was made for. Topics that are not named keep their limits. One thread at a time.
     */
    public void learn(Map<String, Integer> found) {
        var learnt = new HashMap<>(limits);
        found.forEach((topic, limit) -> learnt.put(topic, Math.min(limit, defaultLimit)));
        limits = Map.copyOf(learnt);
    }

    public boolean fits(OutboundRecord record) {
        int limit = limit(record.topic());
        return roughly(record) <= limit || sizeOf(record) <= limit;
    }

    /** At least {@link #sizeOf}, at little cost: enough for nearly every record. */
    private static long roughly(OutboundRecord record) {
        long size = BATCH_OVERHEAD + RECORD_OVERHEAD + 3 * MAX_VARINT;
        size += record.key().size() + record.value().size();
        for (Header header : record.headers()) {
            size += 2 * MAX_VARINT + 3L * header.key().length() + header.value().size();
        }
        return size;
    }

    /** Upper bound of the record's size in a batch of its own, in bytes. */
    static long sizeOf(OutboundRecord record) {
        long size = BATCH_OVERHEAD + RECORD_OVERHEAD;
        size += MAX_VARINT + record.key().size();
        size += MAX_VARINT + record.value().size();
        size += MAX_VARINT;
        for (Header header : record.headers()) {
            size += 2 * MAX_VARINT + utf8Length(header.key()) + header.value().size();
        }
        return size;
    }

    private static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
