package io.millrace.engine.model;

import java.time.Instant;

/**
 * Which events of one partition a batch holds.
 *
 * @param firstTimestamp of the event at the first offset
 * @param lastTimestamp of the event at the last offset
 * @param size number of events
 */
public record BatchRange(
        PartitionId partition,
        long firstOffset,
        long lastOffset,
        Instant firstTimestamp,
        Instant lastTimestamp,
        int size) {}
