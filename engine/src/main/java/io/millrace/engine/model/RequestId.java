package io.millrace.engine.model;

import java.util.UUID;

/**
 * Identity of an invocation: the same in every attempt and in every run of the same events, so that
 * it serves as the idempotency key for side effects (INV-9).
 */
public record RequestId(String value) {
    /**
     * What the ids of one trigger's events of one partition have in common. An id is derived from
     * what is invoked: trigger, first and last event. 122 bits of a hash that spreads well, in the
     * form of a UUID of version 8; nobody gains by making two of them equal.
     *
     * <p>Immutable.
     */
    public static final class Stem {
        private final long high;
        private final long low;

        public Stem(TriggerId trigger, PartitionId partition) {
            this.high = hash(0x243f6a8885a308d3L, trigger, partition);
            this.low = hash(0x13198a2e03707344L, trigger, partition);
        }

        private static long hash(long seed, TriggerId trigger, PartitionId partition) {
            long hash = RequestId.hash(RequestId.hash(seed, trigger.value()), partition.topic());
            return mixed(hash ^ partition.partition());
        }

        /** The id of the invocation of these events and those between them, by their offsets. */
        public RequestId of(long first, long last) {
            return of(high, low, first, last);
        }

        /** Of the final invocation of a window with these events; no batch of them has the same. */
        public RequestId ofWindow(long first, long last) {
            return of(high ^ 0xa4093822299f31d0L, low ^ 0x082efa98ec4e6c89L, first, last);
        }

        private static RequestId of(long high, long low, long first, long last) {
            long mostBits = mixed(mixed(high + first) + (last - first));
            long leastBits = mixed(mixed(low + first) + (last - first));
            return new RequestId(
                    new UUID(
                                    (mostBits & ~0xf000L) | 0x8000L,
                                    (leastBits & 0x3fffffffffffffffL) | 0x8000000000000000L)
                            .toString());
        }
    }

    /** The length goes in too, so that what ends one text cannot begin the next. */
    private static long hash(long seed, String text) {
        long hash = seed ^ text.length();
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return mixed(hash);
    }

    /** The last step of SplitMix64: every bit in changes half of the bits out. */
    private static long mixed(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    @Override
    public String toString() {
        return value;
    }
}
