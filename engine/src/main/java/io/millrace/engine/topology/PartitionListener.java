package io.millrace.engine.topology;

/** Told by stream threads which partitions of a trigger this node owns; must not block. */
public interface PartitionListener {
    /** Nobody wants to know. */
    PartitionListener NONE =
            new PartitionListener() {
                @Override
                public void opened(PartitionGauges partition) {}

                @Override
                public void closed(PartitionGauges partition) {}
            };

    void opened(PartitionGauges partition);

    void closed(PartitionGauges partition);
}
