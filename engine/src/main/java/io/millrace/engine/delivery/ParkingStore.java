package io.millrace.engine.delivery;

import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Keeps parked events of one partition by their offsets, and how far its tumbling windows have
 * come, in the transaction of the outcomes. Threading: StreamThread only.
 */
public interface ParkingStore {
    void put(long offset, ParkedEvent entry);

    void delete(long offset);

    Optional<ParkedEvent> get(long offset);

    /** Every entry, in the order of the offsets. */
    void forEach(BiConsumer<Long, ParkedEvent> reader);

    /** What was put last; nothing if there never was a window. */
    Optional<PartitionWindow> window();

    void putWindow(PartitionWindow window);
}
