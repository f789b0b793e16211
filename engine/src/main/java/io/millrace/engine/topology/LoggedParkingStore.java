package io.millrace.engine.topology;

import io.millrace.engine.delivery.ParkedEvent;
import io.millrace.engine.delivery.PartitionWindow;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.PartitionId;

import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;

/**
 * The parking store over a changelogged store of Kafka Streams.
 *
 * <p>One more entry holds how many there are and a sum over them, written in the same transaction:
 * Streams takes a changelog that has lost records as it is, and this tells. A window lies behind it
 * in pieces, since its state may be larger than a record. Threading: StreamThread only.
 */
final class LoggedParkingStore implements EventStore {
    /** No offset; sorts behind all of them. */
    private static final long SUMMARY = -1L;

    /** The first piece of the window; the next ones have the numbers below. */
    private static final long WINDOW = -2L;

    private static final int PIECE = 256 * 1024;

    private final PartitionId partition;
    private final KeyValueStore<Long, byte[]> store;
    private final Map<Long, Long> sums = new HashMap<>();
    private long sum;
    private boolean changed;

    /**
     * Reads what is there.
     *
     * @param transactional whether an entry and the summary are always written together
     */
    LoggedParkingStore(
            PartitionId partition, KeyValueStore<Long, byte[]> store, boolean transactional) {
        this.partition = partition;
        this.store = store;
        countAll();
        if (transactional) {
            verify();
        }
    }

    private void countAll() {
        try (KeyValueIterator<Long, byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<Long, byte[]> entry = all.next();
                if (entry.key != SUMMARY) {
                    count(entry.key, entry.value);
                }
            }
        }
    }

    private void verify() {
        byte[] summary = store.get(SUMMARY);
        if (summary == null ? !sums.isEmpty() : !ByteBuffer.wrap(summary).equals(summary())) {
            int expected = summary == null ? 0 : ByteBuffer.wrap(summary).getInt();
            throw new MillraceException(
                    ErrorCode.FAILED,
                    "the parking store of '"
                            + partition
                            + "' holds "
                            + sums.size()
                            + " events and pieces of windows and should hold "
                            + expected
                            + ": its changelog topic has lost records or others were put in");
        }
    }

    private void count(long offset, byte[] value) {
        var crc = new CRC32C();
        crc.update(value);
        long own = crc.getValue() * 31 + offset;
        Long before = sums.put(offset, own);
        sum += own - (before == null ? 0 : before);
    }

    @Override
    public void put(long offset, ParkedEvent entry) {
        byte[] value = ParkedCodec.encode(entry);
        store.put(offset, value);
        count(offset, value);
        changed = true;
    }

    @Override
    public void delete(long offset) {
        store.delete(offset);
        Long before = sums.remove(offset);
        sum -= before == null ? 0 : before;
        changed = true;
    }

    @Override
    public Optional<ParkedEvent> get(long offset) {
        byte[] value = store.get(offset);
        return value == null
                ? Optional.empty()
                : Optional.of(ParkedCodec.decode(partition, offset, value));
    }

    @Override
    public void forEach(BiConsumer<Long, ParkedEvent> reader) {
        try (KeyValueIterator<Long, byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<Long, byte[]> entry = all.next();
                if (entry.key >= 0) {
                    reader.accept(entry.key, ParkedCodec.decode(partition, entry.key, entry.value));
                }
            }
        }
    }

    @Override
    public Optional<PartitionWindow> window() {
        byte[] first = store.get(WINDOW);
        if (first == null) {
            return Optional.empty();
        }
        ByteBuffer whole = ByteBuffer.allocate(ByteBuffer.wrap(first).getInt());
        whole.put(first, Integer.BYTES, first.length - Integer.BYTES);
        for (long key = WINDOW - 1; whole.hasRemaining(); key--) {
            byte[] piece = store.get(key);
            if (piece == null) {
                throw new MillraceException(
                        ErrorCode.FAILED,
                        "the window of '"
                                + partition
                                + "' is not complete: its changelog topic"
                                + " has lost records");
            }
            whole.put(piece);
        }
        return Optional.of(WindowCodec.decode(partition, whole.array()));
    }

    @Override
    public void putWindow(PartitionWindow window) {
        byte[] whole = WindowCodec.encode(window);
        ByteBuffer rest =
                ByteBuffer.allocate(Integer.BYTES + whole.length)
                        .putInt(whole.length)
                        .put(whole)
                        .flip();
        long key = WINDOW;
        while (rest.hasRemaining()) {
            byte[] piece = new byte[Math.min(PIECE, rest.remaining())];
            rest.get(piece);
            store.put(key, piece);
            count(key, piece);
            key--;
        }
        while (sums.containsKey(key)) {
            delete(key);
            key--;
        }
        changed = true;
    }

    /** Writes the count and the sum if something changed: before the next commit can happen. */
    @Override
    public void complete() {
        if (changed) {
            store.put(SUMMARY, summary().array());
            changed = false;
        }
    }

    private ByteBuffer summary() {
        return ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
                .putInt(sums.size())
                .putLong(sum)
                .flip();
    }
}
