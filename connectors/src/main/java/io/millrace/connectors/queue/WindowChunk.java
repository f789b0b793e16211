package io.millrace.connectors.queue;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Some ids that came one after the other; the unit in which a window is stored.
 *
 * <p>Source partition: {queue, chunk}. Source offset: {format, sequence, at, ids}, where {@code
 * ids} is base64 of the packed hashes, oldest first. Threading: the task thread.
 */
final class WindowChunk {
    static final String QUEUE = "queue";
    static final String CHUNK = "chunk";
    static final String FORMAT = "format";
    static final String SEQUENCE = "sequence";
    static final String AT = "at";
    static final String IDS = "ids";
    static final int FORMAT_1 = 1;

    /** So many that an offset stays about a kilobyte. */
    static final int CAPACITY = 64;

    private final int index;
    private final long sequence;
    private Instant at;
    private final List<IdHash> ids = new ArrayList<>();

    WindowChunk(int index, long sequence, Instant at) {
        this.index = index;
        this.sequence = sequence;
        this.at = at;
    }

    /** The place in the ring, from 0 on. */
    int index() {
        return index;
    }

    /** How many chunks were begun before this one. */
    long sequence() {
        return sequence;
    }

    /** When the youngest id came. */
    Instant at() {
        return at;
    }

    List<IdHash> ids() {
        return Collections.unmodifiableList(ids);
    }

    boolean isFull() {
        return ids.size() >= CAPACITY;
    }

    void add(IdHash id, Instant now) {
        ids.add(id);
        at = now;
    }

    /**
     * The source partition of a place in the ring. Connect finds an offset by the bytes of its
     * source partition, so the order of the fields must be the same in every process.
     */
    static Map<String, Object> partition(String queue, int index) {
        Map<String, Object> partition = new LinkedHashMap<>();
        partition.put(QUEUE, queue);
        partition.put(CHUNK, index);
        return Collections.unmodifiableMap(partition);
    }

    /** The source offset. */
    Map<String, Object> offset() {
        ByteBuffer packed = ByteBuffer.allocate(ids.size() * IdHash.BYTES);
        ids.forEach(id -> id.write(packed));
        Map<String, Object> offset = new LinkedHashMap<>();
        offset.put(FORMAT, FORMAT_1);
        offset.put(SEQUENCE, sequence);
        offset.put(AT, at.toEpochMilli());
        offset.put(IDS, Base64.getEncoder().encodeToString(packed.array()));
        return Collections.unmodifiableMap(offset);
    }

    /** Reads a stored offset; empty if {@link #fault} finds one. */
    static Optional<WindowChunk> read(int index, Map<String, ?> offset) {
        if (fault(offset).isPresent()
                || !(offset.get(SEQUENCE) instanceof Number sequence)
                || !(offset.get(AT) instanceof Number at)
                || !(offset.get(IDS) instanceof String ids)) {
            return Optional.empty();
        }
        Instant time = Instant.ofEpochMilli(at.longValue());
        WindowChunk chunk = new WindowChunk(index, sequence.longValue(), time);
        ByteBuffer packed = ByteBuffer.wrap(Base64.getDecoder().decode(ids));
        while (packed.hasRemaining()) {
            chunk.add(IdHash.read(packed), time);
        }
        return Optional.of(chunk);
    }

    /** What is wrong with a source offset; empty if nothing is. */
    static Optional<String> fault(Map<String, ?> offset) {
        if (!(offset.get(FORMAT) instanceof Number format) || format.longValue() != FORMAT_1) {
            return Optional.of("it needs '" + FORMAT + "' " + FORMAT_1);
        }
        if (!(offset.get(SEQUENCE) instanceof Number sequence) || sequence.longValue() < 0) {
            return Optional.of("it needs a number '" + SEQUENCE + "' from 0 on");
        }
        if (!(offset.get(AT) instanceof Number)) {
            return Optional.of("it needs a number '" + AT + "' (milliseconds since 1970)");
        }
        if (!(offset.get(IDS) instanceof String ids) || !arePacked(ids)) {
            return Optional.of(
                    "it needs '"
                            + IDS
                            + "', base64 of at most "
                            + CAPACITY
                            + " hashes of "
                            + IdHash.BYTES
                            + " bytes");
        }
        return Optional.empty();
    }

    private static boolean arePacked(String ids) {
        try {
            int bytes = Base64.getDecoder().decode(ids).length;
            return bytes % IdHash.BYTES == 0 && bytes <= CAPACITY * IdHash.BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
