package io.millrace.engine.offsets;

import io.millrace.engine.model.PartitionId;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The durable half of a simulation: one transaction is open, the others are committed. */
public final class SimulatedBroker {
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    private final List<ProducerRecord<byte[], byte[]>> pendingRecords = new ArrayList<>();
    private final Map<TopicPartition, OffsetAndMetadata> pendingOffsets = new HashMap<>();
    private boolean keepsAborted;
    private UnaryOperator<Map<TopicPartition, OffsetAndMetadata>> offsetFault =
            UnaryOperator.identity();
    private int longestMetadata;

    /** Commits a partition's first offset. */
    public void start(PartitionId partition, long offset) {
        offsets.put(topicPartition(partition), new OffsetAndMetadata(offset));
    }

    /** What a reader of committed data sees, in the order in which it was committed. */
    public List<ProducerRecord<byte[], byte[]>> committed() {
        return records;
    }

    public OffsetAndMetadata offset(PartitionId partition) {
        return Optional.ofNullable(offsets.get(topicPartition(partition))).orElseThrow();
    }

    public FinishedSet finished(PartitionId partition) {
        OffsetAndMetadata value = offset(partition);
        return OffsetCodec.decode(partition, value.offset(), value.metadata());
    }

    public int longestMetadata() {
        return longestMetadata;
    }

    /** A fault for negative controls: records of aborted transactions stay. */
    public void keepAborted() {
        keepsAborted = true;
    }

    /** A fault for negative controls: other offsets are committed than those that were sent. */
    public void breakOffsets(UnaryOperator<Map<TopicPartition, OffsetAndMetadata>> fault) {
        offsetFault = fault;
    }

    Map<TopicPartition, OffsetAndMetadata> offsets() {
        return offsets;
    }

    void send(ProducerRecord<byte[], byte[]> record) {
        pendingRecords.add(record);
    }

    void sendOffsets(Map<TopicPartition, OffsetAndMetadata> sent) {
        pendingOffsets.putAll(sent);
    }

    void commit() {
        for (OffsetAndMetadata value : pendingOffsets.values()) {
            longestMetadata = Math.max(longestMetadata, value.metadata().length());
        }
        records.addAll(pendingRecords);
        offsets.putAll(offsetFault.apply(Map.copyOf(pendingOffsets)));
        pendingRecords.clear();
        pendingOffsets.clear();
    }

    /** Ends the open transaction, if there is one; a crash of its producer does the same. */
    public void abort() {
        if (keepsAborted) {
            records.addAll(pendingRecords);
        }
        pendingRecords.clear();
        pendingOffsets.clear();
    }

    static TopicPartition topicPartition(PartitionId partition) {
        return new TopicPartition(partition.topic(), partition.partition());
    }
}
