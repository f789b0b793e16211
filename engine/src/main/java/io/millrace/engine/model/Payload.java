package io.millrace.engine.model;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Immutable bytes of a key, a value or a header; {@link #NULL} is Kafka's null and differs from no
 * bytes at all.
 *
 * <p>The array is not copied, neither in nor out: whoever hands it over or reads it must not change
 * it. Threading: any thread.
 */
public final class Payload {
    /** Kafka's null: no key, a tombstone, a header without value. */
    public static final Payload NULL = new Payload(null);

    private final byte @Nullable [] bytes;

    private Payload(byte @Nullable [] bytes) {
        this.bytes = bytes;
    }

    /** Wraps what Kafka gave, null included. */
    public static Payload of(byte @Nullable [] bytes) {
        return bytes == null ? NULL : new Payload(bytes);
    }

    /** The UTF-8 bytes of a text. */
    public static Payload of(String text) {
        return new Payload(text.getBytes(StandardCharsets.UTF_8));
    }

    public boolean isNull() {
        return bytes == null;
    }

    /** The bytes as Kafka wants them: the array itself, or null. */
    public byte @Nullable [] orNull() {
        return bytes;
    }

    /** The bytes, empty for {@link #NULL}. */
    public byte[] bytes() {
        return bytes == null ? new byte[0] : bytes;
    }

    /** Number of bytes, 0 for {@link #NULL}. */
    public int size() {
        return bytes == null ? 0 : bytes.length;
    }

    /** The bytes read as UTF-8; empty for {@link #NULL}. */
    public String text() {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Payload that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The size only: contents never reach a log by accident. */
    @Override
    public String toString() {
        return bytes == null ? "null" : bytes.length + " bytes";
    }
}
