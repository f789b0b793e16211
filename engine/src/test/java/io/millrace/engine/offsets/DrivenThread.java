package io.millrace.engine.offsets;

import io.millrace.engine.model.PartitionId;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.util.ArrayList;
import java.util.List;

/**
 * The calling thread as a stream thread whose consumer and producer are not ours: Kafka's topology
 * test driver brings its own, so what the wrapped ones do for a processor is done here.
 */
public final class DrivenThread {
    private final ThreadClients clients;

    public DrivenThread(WatermarkClientSupplier supplier) {
        this.clients = supplier.ofCurrentThread();
    }

    /** What the consumer does when Streams reads the committed offset of a partition. */
    public PartitionEpoch open(PartitionId partition, FinishedSet recovered) {
        var epoch = new PartitionEpoch(partition, recovered);
        clients.open(epoch);
        return epoch;
    }

    /** What the producer does when a transaction is committed; gives what it writes beside it. */
    public List<ProducerRecord<byte[], byte[]>> commit() {
        var written = new ArrayList<ProducerRecord<byte[], byte[]>>();
        clients.attachments().forEach(attachment -> written.addAll(attachment.drain()));
        clients.committed(1_000_000);
        return written;
    }

    /** Whether the transaction must not be committed. */
    public boolean isPoisoned() {
        return clients.poisoned() != null;
    }
}
