package io.millrace.connectors.queue;

import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.storage.OffsetStorageReader;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The ids of the last messages of one queue, kept as source offsets, so that a message that the
 * queue hands out again is recognised after any crash.
 *
 * <p>The ids fill a ring of chunks, one source partition each. A new id goes into the youngest
 * chunk, and the record of its message carries that chunk's new content as source offset; so the id
 * is stored in the same transaction as the record. If only the first of some records survive a
 * crash, the stored chunks hold the ids of exactly those: a chunk's content names the ids up to its
 * record, none after it.
 *
 * <p>Guarantee: of the youngest {@code messages} ids that were added, none is forgotten before it
 * is older than {@code age}. Somewhat more may be kept. With an exactly-once worker a message
 * within the window thus becomes one record, however often it is handed out. Threading: the task
 * thread.
 */
public final class RepeatWindow {
    /** The most ids that a window may keep. */
    public static final int MOST_MESSAGES = 1_000_000;

    /** So many chunks are read at once at least. */
    private static final int SMALLEST_BLOCK = 1024;

    private final String queue;
    private final int ringSize;
    private final Duration age;
    private final InstantSource clock;
    private final Set<IdHash> known = new HashSet<>();
    private final Deque<WindowChunk> chunks = new ArrayDeque<>();

    private RepeatWindow(String queue, int messages, Duration age, InstantSource clock) {
        this.queue = queue;
        // One more than full ones are needed: the youngest is not full.
        this.ringSize = (messages + WindowChunk.CAPACITY - 1) / WindowChunk.CAPACITY + 1;
        this.age = age;
        this.clock = clock;
    }

    /**
     * Reads what earlier runs stored.
     *
     * @param queue name of the queue; one connector has one window per name
     * @param messages how many ids are kept at least
     * @param age how long an id is kept at least, if it is not too many
     * @throws ConnectException a stored offset cannot be understood
     */
    public static RepeatWindow load(
            String queue,
            int messages,
            Duration age,
            OffsetStorageReader offsets,
            InstantSource clock) {
        RepeatWindow window = new RepeatWindow(queue, messages, age, clock);
        List<WindowChunk> stored = window.stored(offsets);
        stored.sort(Comparator.comparingLong(WindowChunk::sequence));
        stored.forEach(window::take);
        return window;
    }

    /** Whether a message of this id was added before. */
    public boolean contains(String messageId) {
        return known.contains(IdHash.of(messageId));
    }

    /**
     * Remembers an id that is not known.
     *
     * @return what the record of the message has to carry, so that the id is stored with it; if a
     *     message becomes several records, the last of them
     */
    public Mark add(String messageId) {
        IdHash id = IdHash.of(messageId);
        if (!known.add(id)) {
            throw new IllegalArgumentException("Id '" + messageId + "' is known already");
        }
        Instant now = clock.instant();
        WindowChunk youngest = chunks.peekLast();
        if (youngest == null || youngest.isFull()) {
            youngest = begin(youngest == null ? 0 : youngest.sequence() + 1, now);
        }
        youngest.add(id, now);
        return mark(youngest);
    }

    /** What a record has to carry that brings no id: the window as it is. */
    public Mark current() {
        WindowChunk youngest = chunks.peekLast();
        return mark(youngest == null ? begin(0, clock.instant()) : youngest);
    }

    /** How many ids are known. */
    public int size() {
        return known.size();
    }

    /**
     * What is wrong with a source partition and offset that an operator wants to set; empty if
     * nothing is.
     */
    public static Optional<String> fault(Map<String, ?> partition, Map<String, ?> offset) {
        if (!(partition.get(WindowChunk.QUEUE) instanceof String)
                || !(partition.get(WindowChunk.CHUNK) instanceof Number chunk)
                || chunk.longValue() < 0) {
            return Optional.of("the source partition needs a text 'queue' and a number 'chunk'");
        }
        return WindowChunk.fault(offset).map(fault -> "the source offset is not one: " + fault);
    }

    /**
     * Checks what an operator wants to set through Connect's REST interface.
     *
     * @throws ConnectException names the first fault
     */
    public static void checkOffsets(Map<Map<String, ?>, Map<String, ?>> offsets) {
        offsets.forEach((partition, offset) -> {
            // No offset: the operator wants the ids forgotten.
            Optional<String> fault = offset == null ? Optional.empty() : fault(partition, offset);
            if (fault.isPresent()) {
                throw new ConnectException(
                        "Source offset of '" + partition + "' cannot be set: " + fault.get());
            }
        });
    }

    /**
     * A source partition of Kafka Connect and the offset to store there.
     *
     * @param partition identity of the chunk
     * @param offset its new content
     */
    public record Mark(Map<String, ?> partition, Map<String, ?> offset) {}

    private Mark mark(WindowChunk chunk) {
        return new Mark(WindowChunk.partition(queue, chunk.index()), chunk.offset());
    }

    private WindowChunk begin(long sequence, Instant now) {
        WindowChunk next = new WindowChunk((int) (sequence % ringSize), sequence, now);
        chunks.removeIf(old -> isOver(old, next, now) && forget(old));
        chunks.addLast(next);
        return next;
    }

    /** The same place in the ring; or left over from a larger one; or too old. */
    private boolean isOver(WindowChunk old, WindowChunk next, Instant now) {
        return old.index() == next.index()
                || old.sequence() <= next.sequence() - ringSize
                || isTooOld(old, now);
    }

    private boolean isTooOld(WindowChunk chunk, Instant now) {
        return Duration.between(chunk.at(), now).compareTo(age) > 0;
    }

    private boolean forget(WindowChunk chunk) {
        chunk.ids().forEach(known::remove);
        return true;
    }

    private void take(WindowChunk chunk) {
        // The youngest stays whatever its age: the ring goes on behind it.
        chunks.addLast(chunk);
        if (!isTooOld(chunk, clock.instant())) {
            known.addAll(chunk.ids());
        }
    }

    /** Also those behind the end of the ring: it was larger in an earlier run. */
    private List<WindowChunk> stored(OffsetStorageReader offsets) {
        List<WindowChunk> found = new ArrayList<>();
        int block = Math.max(ringSize, SMALLEST_BLOCK);
        int from = 0;
        int before = -1;
        while (found.size() > before) {
            before = found.size();
            List<Map<String, Object>> partitions = new ArrayList<>();
            for (int i = from; i < from + block; i++) {
                partitions.add(WindowChunk.partition(queue, i));
            }
            Map<Map<String, Object>, Map<String, Object>> read = offsets.offsets(partitions);
            for (int i = 0; i < block; i++) {
                Map<String, Object> offset = read.get(partitions.get(i));
                if (offset != null) {
                    found.add(chunk(from + i, offset));
                }
            }
            from += block;
        }
        return found;
    }

    private WindowChunk chunk(int index, Map<String, ?> offset) {
        return WindowChunk.read(index, offset)
                .orElseThrow(() ->
                        new ConnectException(
                                "The source offset of queue '"
                                        + queue
                                        + "', chunk "
                                        + index
                                        + ", cannot be read: "
                                        + WindowChunk.fault(offset).orElse("not one of ours")
                                        + ". Reset it through Connect's REST interface"));
    }
}
