package io.millrace.functions.testing;

import io.millrace.engine.delivery.ParkedEvent;
import io.millrace.engine.delivery.ParkingStore;
import io.millrace.engine.delivery.PartitionWindow;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Parked events of one test. Threading: one thread. */
final class InMemoryParking implements ParkingStore {
    private final TreeMap<Long, ParkedEvent> entries = new TreeMap<>();
    private @Nullable PartitionWindow window;

    @Override
    public void put(long offset, ParkedEvent entry) {
        entries.put(offset, entry);
    }

    @Override
    public void delete(long offset) {
        entries.remove(offset);
    }

    @Override
    public Optional<ParkedEvent> get(long offset) {
        return Optional.ofNullable(entries.get(offset));
    }

    @Override
    public void forEach(BiConsumer<Long, ParkedEvent> reader) {
        entries.forEach(reader);
    }

    @Override
    public Optional<PartitionWindow> window() {
        return Optional.ofNullable(window);
    }

    @Override
    public void putWindow(PartitionWindow present) {
        window = present;
    }
}
