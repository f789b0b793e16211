package io.millrace.engine.model;

/**
 * How the events of a partition are spread over lanes, and so which order is kept.
 *
 * @param lanes lanes per partition where order is kept by key; {@link #LANE_PER_KEY} for as many as
 *     there are keys (STR-2, DEF-3)
 */
public record LanePolicy(Order order, int lanes) {
    /** Which events are handed out in the order of their offsets. */
    public enum Order {
        /** Those that share a key. */
        KEY,
        /** All of a partition: one after the other. */
        PARTITION,
        /** None: every event for itself, as from a queue (DEF-12). */
        NONE
    }

    /** One lane per hash of a key: the most that can run side by side with order per key kept. */
    public static final int LANE_PER_KEY = 0;

    public static final int MAX_LANES = 65_536;
    public static final LanePolicy BY_PARTITION = new LanePolicy(Order.PARTITION, 1);
    public static final LanePolicy UNORDERED = new LanePolicy(Order.NONE, 1);

    public LanePolicy {
        boolean fits = order == Order.KEY ? lanes >= 0 && lanes <= MAX_LANES : lanes == 1;
        if (!fits) {
            throw MillraceException.invalid(
                    "lanes",
                    order + " " + lanes,
                    "1 to " + MAX_LANES + " or one per key, with order by key");
        }
    }

    /** Order by key over so many lanes; one lane keeps the order of the partition. */
    public static LanePolicy byKey(int lanes) {
        return lanes == 1 ? BY_PARTITION : new LanePolicy(Order.KEY, lanes);
    }

    public boolean isOrdered() {
        return order != Order.NONE;
    }
}
