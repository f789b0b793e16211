package io.millrace.engine.operations;

import io.millrace.engine.model.MillraceException;

import java.time.Instant;
import java.util.Map;

/** Where a trigger is to go on in its source topic. */
public sealed interface SeekTarget {
    /** At the oldest event that is kept. */
    record Earliest() implements SeekTarget {}

    /** Behind the newest event. */
    record Latest() implements SeekTarget {}

    /** At the first event of this time or later; behind the newest one where there is none. */
    record Timestamp(Instant time) implements SeekTarget {}

    /** At these offsets, by partition; other partitions stay where they are. */
    record Offsets(Map<Integer, Long> byPartition) implements SeekTarget {
        public Offsets {
            byPartition = Map.copyOf(byPartition);
            if (byPartition.isEmpty()) {
                throw MillraceException.invalid(
                        "offsets to seek to", "", "at least one partition with an offset");
            }
        }
    }
}
