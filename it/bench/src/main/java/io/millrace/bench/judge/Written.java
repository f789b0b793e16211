package io.millrace.bench.judge;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a broker held at a moment, by topic. Control records of transactions count as records: they
 * are written, too.
 */
public record Written(Map<String, Amount> topics) {
    private static final String OFFSETS = "__consumer_offsets";
    private static final String TRANSACTIONS = "__transaction_state";

    public Written {
        topics = new TreeMap<>(topics);
    }

    /** Records ever written, and bytes on disk. */
    public record Amount(long records, long bytes) {
        private Amount minus(Amount other) {
            return new Amount(records - other.records, bytes - other.bytes);
        }
    }

    /** What has come since, by topic. */
    public Written since(Written before) {
        Map<String, Amount> more = new HashMap<>();
        topics.forEach((topic, amount) ->
                more.put(topic, amount.minus(before.topics.getOrDefault(topic, new Amount(0, 0)))));
        return new Written(more);
    }

    public long records(String topic) {
        return topics.getOrDefault(topic, new Amount(0, 0)).records();
    }

    /** Records of the broker's own topic of transactions. */
    public long transactions() {
        return records(TRANSACTIONS);
    }

    /** Records of the broker's own topic of offsets. */
    public long offsets() {
        return records(OFFSETS);
    }

    /**
     * Figures per event of what was written for them.
     *
     * @param input is not counted: it was there before
     * @param output holds the results
     */
    public Map<String, Double> perEvent(String input, String output, long results, long events) {
        long records = 0;
        long bytes = 0;
        for (Map.Entry<String, Amount> topic : topics.entrySet()) {
            if (!topic.getKey().equals(input)) {
                records += topic.getValue().records();
                bytes += topic.getValue().bytes();
            }
        }
        double each = Math.max(1, events);
        long own = records - offsets() - transactions();
        return Map.of(
                "records/event",
                records / each,
                "extra records/event",
                (records - results) / each,
                "bytes/event",
                bytes / each,
                "offsets/event",
                offsets() / each,
                "txn state/event",
                transactions() / each,
                "markers/event",
                (records(output) - results) / each,
                "other/event",
                (own - records(output)) / each);
    }
}
