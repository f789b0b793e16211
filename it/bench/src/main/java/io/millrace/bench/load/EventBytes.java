package io.millrace.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What is written into the value of an event, so that its result can be judged: its number among
 * all, its key's number, its number within the key, and when it was to be sent.
 */
public final class EventBytes {
    /** The least size of a value. */
    public static final int MIN_SIZE = 24;

    private EventBytes() {}

    /** The value of an event; filled up with zeros. */
    public static byte[] value(int size, long ordinal, int key, int sequence, long dueNanos) {
        return ByteBuffer.allocate(Math.max(size, MIN_SIZE))
                .putLong(ordinal)
                .putInt(key)
                .putInt(sequence)
                .putLong(dueNanos)
                .array();
    }

    /** The key of a record. */
    public static byte[] key(int key) {
        return ("key-" + key).getBytes(StandardCharsets.UTF_8);
    }

    public static long ordinal(ByteBuffer value) {
        return value.getLong(0);
    }

    public static int keyNumber(ByteBuffer value) {
        return value.getInt(8);
    }

    public static int sequence(ByteBuffer value) {
        return value.getInt(12);
    }

    public static long dueNanos(ByteBuffer value) {
        return value.getLong(16);
    }
}
