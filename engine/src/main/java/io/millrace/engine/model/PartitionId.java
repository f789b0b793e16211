package io.millrace.engine.model;

/** A partition of a source topic. */
public record PartitionId(String topic, int partition) {
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
