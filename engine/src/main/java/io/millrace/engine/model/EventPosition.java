package io.millrace.engine.model;

/** Where an event lies: its identity within one trigger. */
public record EventPosition(PartitionId partition, long offset) {
    /** topic-partition-offset, the form of the {@code millrace-source} header. */
    @Override
    public String toString() {
        return partition + "-" + offset;
    }
}
