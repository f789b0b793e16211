package io.millrace.connectors.objectstore;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Key of an object as UTF-8, in the order of its bytes, which is the order in which S3 lists.
 *
 * <p>Threading: immutable.
 */
final class ObjectKey implements Comparable<ObjectKey> {
    /** Before every key, and a place where a range begins. */
    static final ObjectKey FIRST = new ObjectKey(new byte[0]);

    /** Behind every key: no UTF-8 has this byte. */
    static final ObjectKey END = new ObjectKey(new byte[] {(byte) 0xff});

    private final byte[] utf8;

    private ObjectKey(byte[] utf8) {
        this.utf8 = utf8;
    }

    static ObjectKey of(String text) {
        return new ObjectKey(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Takes the bytes over; nobody may change them afterwards. */
    static ObjectKey ofUtf8(byte[] utf8) {
        return new ObjectKey(utf8);
    }

    /** The bytes themselves; nobody may change them. */
    byte[] utf8() {
        return utf8;
    }

    boolean isBefore(ObjectKey other) {
        return compareTo(other) < 0;
    }

    @Override
    public int compareTo(ObjectKey other) {
        return Arrays.compareUnsigned(utf8, other.utf8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ObjectKey key && Arrays.equals(utf8, key.utf8);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(utf8);
    }

    @Override
    public String toString() {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
