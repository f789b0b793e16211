package io.millrace.engine.offsets;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.PartitionId;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.BitSet;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * {@link FinishedSet} to and from the metadata text of a committed offset.
 *
 * <p>The text is Kafka Streams' own, then {@code |}, the version digit, a mode letter ({@code r}
 * runs, {@code b} bitmap, whichever is shorter) and, in base64url, a CRC32C over mark, mode and
 * payload followed by the payload. An empty set has no suffix. Because the mark is part of the
 * checksum, an offset that was moved by hand together with old metadata is noticed.
 *
 * <p>What cannot be read is fatal: ignoring it would run finished events again and write their
 * results twice.
 */
public final class OffsetCodec {
    /** What the broker takes by default, in characters. */
    static final int MAX_METADATA = 4_096;

    private static final char SEPARATOR = '|';
    private static final char VERSION = '1';
    private static final char RUNS = 'r';
    private static final char BITMAP = 'b';
    private static final int CHECKSUM_BYTES = 4;

    private OffsetCodec() {}

    /** Streams' text with the set behind it. */
    public static String encode(String streamsText, FinishedSet set) {
        if (set.isEmpty()) {
            return streamsText;
        }
        byte[] runs = runs(set);
        byte[] bitmap = set.highest() - set.mark() <= 8L * runs.length ? bitmap(set) : runs;
        boolean asBitmap = bitmap.length < runs.length;
        char mode = asBitmap ? BITMAP : RUNS;
        byte[] payload = asBitmap ? bitmap : runs;
        ByteBuffer bytes = ByteBuffer.allocate(CHECKSUM_BYTES + payload.length);
        bytes.putInt(checksum(set.mark(), mode, payload, 0)).put(payload);
        return streamsText
                + SEPARATOR
                + VERSION
                + mode
                + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** The part of the metadata that belongs to Kafka Streams. */
    static String streamsText(String metadata) {
        int at = metadata.indexOf(SEPARATOR);
        return at < 0 ? metadata : metadata.substring(0, at);
    }

    /** The set behind Streams' text; without a suffix, nothing above the mark. */
    public static FinishedSet decode(PartitionId partition, long mark, String metadata) {
        int at = metadata.indexOf(SEPARATOR);
        if (at < 0) {
            return FinishedSet.empty(mark);
        }
        String suffix = metadata.substring(at + 1);
        if (suffix.length() < 3 || suffix.charAt(0) != VERSION) {
            throw unreadable(partition, mark, "unknown version");
        }
        char mode = suffix.charAt(1);
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(suffix.substring(2));
        } catch (IllegalArgumentException e) {
            throw unreadable(partition, mark, "not base64url");
        }
        if (bytes.length <= CHECKSUM_BYTES
                || ByteBuffer.wrap(bytes).getInt() != checksum(mark, mode, bytes, CHECKSUM_BYTES)) {
            throw unreadable(partition, mark, "the checksum does not fit to the offset");
        }
        ByteBuffer payload =
                ByteBuffer.wrap(bytes, CHECKSUM_BYTES, bytes.length - CHECKSUM_BYTES).slice();
        Optional<FinishedSet> set =
                switch (mode) {
                    case RUNS -> readRuns(mark, payload);
                    case BITMAP -> readBitmap(mark, payload);
                    default -> throw unreadable(partition, mark, "unknown mode '" + mode + "'");
                };
        return set.orElseThrow(() -> unreadable(partition, mark, "malformed"));
    }

    private static byte[] runs(FinishedSet set) {
        var out = new ByteArrayOutputStream();
        long at = set.mark();
        for (FinishedSet.Range range : set.ranges()) {
            writeVarint(out, range.from() - at);
            writeVarint(out, range.to() - range.from());
            at = range.to();
        }
        return out.toByteArray();
    }

    /** Nothing when the payload is malformed. */
    private static Optional<FinishedSet> readRuns(long mark, ByteBuffer payload) {
        var set = FinishedSet.from(mark);
        long at = mark;
        while (payload.hasRemaining()) {
            long unfinished = readVarint(payload);
            long finished = readVarint(payload);
            long room = Long.MAX_VALUE - at;
            if (unfinished < 1 || finished < 1 || finished > room - unfinished) {
                return Optional.empty();
            }
            at += unfinished + finished;
            set.add(at - finished, at);
        }
        return Optional.of(set.build());
    }

    private static byte[] bitmap(FinishedSet set) {
        var bits = new BitSet();
        for (FinishedSet.Range range : set.ranges()) {
            bits.set((int) (range.from() - set.mark() - 1), (int) (range.to() - set.mark() - 1));
        }
        return bits.toByteArray();
    }

    private static Optional<FinishedSet> readBitmap(long mark, ByteBuffer payload) {
        var set = FinishedSet.from(mark);
        BitSet bits = BitSet.valueOf(payload);
        int from = bits.nextSetBit(0);
        while (from >= 0) {
            int to = bits.nextClearBit(from);
            set.add(mark + 1 + from, mark + 1 + to);
            from = bits.nextSetBit(to);
        }
        return bits.isEmpty() ? Optional.empty() : Optional.of(set.build());
    }

    private static int checksum(long mark, char mode, byte[] bytes, int offset) {
        var crc = new CRC32C();
        crc.update(ByteBuffer.allocate(10).putLong(mark).putChar(mode).flip());
        crc.update(bytes, offset, bytes.length - offset);
        return (int) crc.getValue();
    }

    private static void writeVarint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /** A number, or -1 when it is cut or too large. */
    private static long readVarint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 63 && in.hasRemaining(); shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        return -1;
    }

    private static MillraceException unreadable(PartitionId partition, long mark, String why) {
        return new MillraceException(
                ErrorCode.FAILED,
                "the committed offset "
                        + mark
                        + " of partition '"
                        + partition
                        + "' carries metadata that cannot be read ("
                        + why
                        + "); results could be written twice, so the trigger does not start; reset the"
                        + " group's offsets to run everything from an offset again");
    }
}
