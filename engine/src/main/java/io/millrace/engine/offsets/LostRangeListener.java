package io.millrace.engine.offsets;

import io.millrace.engine.model.PartitionId;

/** Told of events that were gone before they were read. */
@FunctionalInterface
public interface LostRangeListener {
    /**
     * Called on the StreamThread, before the partition goes on. What it throws ends the thread, and
     * the range is found again after the next start.
     *
     * @param from first offset that is lost
     * @param to first offset that is not
     */
    void lost(PartitionId partition, long from, long to);
}
