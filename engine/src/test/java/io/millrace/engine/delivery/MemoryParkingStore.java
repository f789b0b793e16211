package io.millrace.engine.delivery;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** A parking store that outlives the machines of a test, as a changelog does. */
final class MemoryParkingStore implements ParkingStore {
    final TreeMap<Long, ParkedEvent> entries = new TreeMap<>();
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
