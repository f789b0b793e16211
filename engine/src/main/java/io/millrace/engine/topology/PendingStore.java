package io.millrace.engine.topology;

import io.millrace.engine.delivery.Decision;
import io.millrace.engine.delivery.ParkedEvent;
import io.millrace.engine.lane.Progress;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.RawEvent;

import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Every unfinished event is in the changelogged store, parked or not: what a restart finds in it
 * runs again. For measurements only, see {@code CommitPolicy.PENDING_STORE}.
 *
 * <p>Threading: StreamThread only.
 */
final class PendingStore implements EventStore {
    private final PartitionId partition;
    private final KeyValueStore<Long, byte[]> store;

    PendingStore(PartitionId partition, KeyValueStore<Long, byte[]> store) {
        this.partition = partition;
        this.store = store;
    }

    @Override
    public boolean admitted(RawEvent event) {
        put(event.offset(), new ParkedEvent(Progress.NONE, 0, Optional.of(event)));
        return true;
    }

    @Override
    public void settled(Decision decision) {
        if (!decision.report().work().parked()) {
            decision.settled().forEach(settled -> delete(settled.event().offset()));
        }
    }

    /** A note does not take the place of the event: its offset will not be read again. */
    @Override
    public void put(long offset, ParkedEvent entry) {
        Optional<RawEvent> event = entry.event();
        if (event.isEmpty()) {
            event = get(offset).flatMap(ParkedEvent::event);
        }
        store.put(
                offset,
                ParkedCodec.encode(new ParkedEvent(entry.progress(), entry.dueAt(), event)));
    }

    @Override
    public void delete(long offset) {
        byte[] _ = store.delete(offset);
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
                reader.accept(entry.key, ParkedCodec.decode(partition, entry.key, entry.value));
            }
        }
    }
}
