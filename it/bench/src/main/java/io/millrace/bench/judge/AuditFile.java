package io.millrace.bench.judge;

import io.millrace.bench.load.Recipe;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What the handlers of an arm have seen, where nothing is written that could be judged.
 *
 * @param seen ordinals of events that a handler got
 * @param peak handlers that ran at the same time, at most
 * @param peakNanos when there were so many for the first time, on the monotonic clock
 * @param repeated events seen again
 * @param outOfOrder events seen after a later one of their key
 */
public record AuditFile(BitSet seen, long peak, long peakNanos, long repeated, long outOfOrder) {
    public AuditFile {
        seen = (BitSet) seen.clone();
    }

    /** Reads what {@code HandlerAudit} wrote. */
    public static AuditFile read(Path file) throws IOException {
        try (var in = new DataInputStream(Files.newInputStream(file))) {
            long peak = in.readLong();
            long peakNanos = in.readLong();
            long repeated = in.readLong();
            long outOfOrder = in.readLong();
            ByteBuffer words = ByteBuffer.wrap(new byte[in.readInt() * Integer.BYTES]);
            in.readFully(words.array());
            var seen = new BitSet();
            for (int word = 0; words.hasRemaining(); word++) {
                int bits = words.getInt();
                for (int bit = 0; bit < Integer.SIZE; bit++) {
                    if ((bits >>> bit & 1) == 1) {
                        seen.set(word * Integer.SIZE + bit);
                    }
                }
            }
            return new AuditFile(seen, peak, peakNanos, repeated, outOfOrder);
        }
    }

    /**
     * What breaks a promise of at least once, in order per key where that was promised.
     *
     * @param committed per source partition, below which the arm has said that it is done
     */
    public List<String> violations(Recipe recipe, long[] committed, Verdict.Promise promise) {
        long[] lost = new long[1];
        recipe.forEach((ordinal, _, _, partition, offset) -> {
            if (offset < committed[partition] && !seen.get(Math.toIntExact(ordinal))) {
                lost[0]++;
            }
        });
        List<String> found = new ArrayList<>();
        if (lost[0] > 0) {
            found.add(lost[0] + " lost");
        }
        if (seen.isEmpty()) {
            found.add("no event was handled");
        }
        if (promise.isOrdered() && outOfOrder > 0) {
            found.add(outOfOrder + " out of order");
        }
        return found;
    }
}
