package io.millrace.engine.model;

import java.util.UUID;

/**
 * Identity of an invocation: the same in every attempt and in every run of the same events, so that
 * it serves as the idempotency key for side effects (INV-9).
 */
public record RequestId(String value) {
    /**
     * Derived from what is invoked: trigger, first and last event. 122 bits of a hash that spreads
     * well, in the form of a UUID of version 8; nobody gains by making two of them equal.
     */
    public static RequestId of(TriggerId trigger, EventPosition first, EventPosition last) {
        return of(
                hash(0x243f6a8885a308d3L, trigger, first, last.offset()),
                hash(0x13198a2e03707344L, trigger, first, last.offset()));
    }

    private static RequestId of(long high, long low) {
        return new RequestId(
                new UUID(
                                (high & ~0xf000L) | 0x8000L,
                                (low & 0x3fffffffffffffffL) | 0x8000000000000000L)
                        .toString());
    }

    /** Of the final invocation of a window with these events; no batch of them has the same. */
    public static RequestId ofWindow(TriggerId trigger, EventPosition first, EventPosition last) {
        return of(
                hash(0xa4093822299f31d0L, trigger, first, last.offset()),
                hash(0x082efa98ec4e6c89L, trigger, first, last.offset()));
    }

    private static long hash(long seed, TriggerId trigger, EventPosition first, long last) {
        long hash = hash(seed, trigger.value());
        hash = hash(hash, first.partition().topic());
        hash = mixed(hash ^ first.partition().partition());
        hash = mixed(hash + first.offset());
        return mixed(hash + (last - first.offset()));
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
