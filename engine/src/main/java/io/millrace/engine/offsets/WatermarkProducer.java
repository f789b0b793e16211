package io.millrace.engine.offsets;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;

import java.util.Map;
import java.util.concurrent.Future;

/**
 * The transactional producer of a stream thread: commits marks and finished sets instead of what
 * Streams asks for, writes what is written once per commit, and commits nothing when nothing
 * happened.
 *
 * <p>When an outcome was applied only in part, or a transaction with outcomes was aborted, the
 * producer is poisoned: it reports itself fenced, and Streams closes all tasks of the thread and
 * rebuilds them from the committed state.
 *
 * <p>Threading: StreamThread only.
 */
final class WatermarkProducer extends ForwardingProducer {
    private final ThreadClients clients;
    private final CommitPlan plan;
    private long sent;
    private long commitStarted;

    WatermarkProducer(Producer<byte[], byte[]> delegate, ThreadClients clients) {
        super(delegate);
        this.clients = clients;
        this.plan = new CommitPlan(clients, ProducerFencedException::new);
        clients.producerCreated(delegate);
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        sent++;
        return delegate.send(record);
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        sent++;
        return delegate.send(record, callback);
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        commitStarted = clients.nanos();
        String poison = clients.poisoned();
        if (poison != null) {
            throw new ProducerFencedException(poison);
        }
        for (CommitAttachment attachment : clients.attachments()) {
            for (ProducerRecord<byte[], byte[]> record : attachment.drain()) {
                // An error of this send fails the transaction, like that of any other.
                var _ = send(record);
            }
        }
        Map<TopicPartition, OffsetAndMetadata> replaced = plan.replace(offsets, sent > 0);
        if (!replaced.isEmpty()) {
            delegate.sendOffsetsToTransaction(replaced, group);
        }
    }

    @Override
    public void commitTransaction() {
        long start = commitStarted == 0 ? clients.nanos() : commitStarted;
        commitStarted = 0;
        delegate.commitTransaction();
        long took = clients.nanos() - start;
        plan.committed();
        sent = 0;
        clients.committed(took);
    }

    @Override
    public void abortTransaction() {
        sent = 0;
        plan.dropped();
        delegate.abortTransaction();
        for (PartitionEpoch epoch : clients.epochs()) {
            if (epoch.isUncommitted()) {
                clients.poison(
                        "a transaction with outcomes of partition '"
                                + epoch.partition()
                                + "' was aborted");
            }
        }
    }
}
