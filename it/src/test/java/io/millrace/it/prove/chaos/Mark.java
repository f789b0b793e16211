package io.millrace.it.prove.chaos;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * A committed offset with its metadata, read as the format is documented and without the engine's
 * own decoder: Kafka Streams' text, {@code |}, version 1, mode {@code r} or {@code b}, and in
 * base64url a CRC32C over mark, mode and payload before the payload.
 */
final class Mark {
    /** What a broker takes by default, in characters. */
    static final int MAX_METADATA = 4_096;

    private final long offset;

    /** Finished offsets above the mark: from, to (exclusive). */
    private final TreeMap<Long, Long> finished = new TreeMap<>();

    private Mark(long offset) {
        this.offset = offset;
    }

    /** Reads it; IllegalArgumentException says what is wrong. */
    static Mark of(long offset, String metadata) {
        if (metadata.length() > MAX_METADATA) {
            throw new IllegalArgumentException(metadata.length() + " characters");
        }
        Mark mark = new Mark(offset);
        int at = metadata.indexOf('|');
        if (at < 0) {
            return mark;
        }
        if (metadata.length() < at + 4 || metadata.charAt(at + 1) != '1') {
            throw new IllegalArgumentException("unknown version");
        }
        char mode = metadata.charAt(at + 2);
        ByteBuffer bytes =
                ByteBuffer.wrap(Base64.getUrlDecoder().decode(metadata.substring(at + 3)));
        if (bytes.remaining() <= Integer.BYTES) {
            throw new IllegalArgumentException("cut off");
        }
        int checksum = bytes.getInt();
        if (checksum != checksum(offset, mode, bytes.duplicate())) {
            throw new IllegalArgumentException("wrong checksum");
        }
        switch (mode) {
            case 'r' -> mark.runs(bytes);
            case 'b' -> mark.bitmap(bytes);
            default -> throw new IllegalArgumentException("unknown mode " + mode);
        }
        if (mark.finished.isEmpty()) {
            throw new IllegalArgumentException("a set without offsets");
        }
        return mark;
    }

    /** Whether this offset needs no further run. */
    boolean isFinished(long candidate) {
        if (candidate < offset) {
            return true;
        }
        var range = finished.floorEntry(candidate);
        return range != null && candidate < range.getValue();
    }

    boolean hasSet() {
        return !finished.isEmpty();
    }

    private void runs(ByteBuffer bytes) {
        long at = offset;
        while (bytes.hasRemaining()) {
            long from = at + varint(bytes);
            long to = from + varint(bytes);
            if (from <= at || to <= from) {
                throw new IllegalArgumentException("an empty run");
            }
            finished.put(from, to);
            at = to;
        }
    }

    private void bitmap(ByteBuffer bytes) {
        for (int index = 0; bytes.hasRemaining(); index++) {
            int bits = bytes.get();
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                if ((bits >> bit & 1) == 1) {
                    long found = offset + 1 + (long) index * Byte.SIZE + bit;
                    finished.put(found, found + 1);
                }
            }
        }
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
            if (!bytes.hasRemaining()) {
                throw new IllegalArgumentException("cut off");
            }
            byte next = bytes.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number too large");
    }

    private static int checksum(long offset, char mode, ByteBuffer payload) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(10).putLong(offset).putChar(mode).flip());
        crc.update(payload);
        return (int) crc.getValue();
    }
}
