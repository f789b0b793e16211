package io.millrace.engine.topology;

import io.millrace.engine.delivery.ParkedEvent;
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
 * Streams takes a changelog that has lost records as it is, and this tells. Threading: StreamThread
 * only.
 */
final class LoggedParkingStore implements EventStore {
    /** No offset; sorts behind all of them. */
    private static final long SUMMARY = -1L;

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
                            + " events that wait for a retry and should hold "
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
                if (entry.key != SUMMARY) {
                    reader.accept(entry.key, ParkedCodec.decode(partition, entry.key, entry.value));
                }
            }
        }
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
