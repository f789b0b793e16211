package io.millrace.engine.model;

import java.util.Optional;

/** Where an event lies: its identity within one trigger. */
public record EventPosition(PartitionId partition, long offset) {
    /** Reads the form that {@link #toString} writes; nothing if it is another. */
    public static Optional<EventPosition> parse(String text) {
        int offset = text.lastIndexOf('-');
        int partition = offset < 1 ? -1 : text.lastIndexOf('-', offset - 1);
        if (partition < 1) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new EventPosition(
                            new PartitionId(
                                    text.substring(0, partition),
                                    Integer.parseInt(text.substring(partition + 1, offset))),
                            Long.parseLong(text.substring(offset + 1))));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /** topic-partition-offset, the form of the {@code millrace-source} header. */
    @Override
    public String toString() {
        return partition + "-" + offset;
    }
}
