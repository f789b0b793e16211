package io.millrace.engine.offsets;

import io.millrace.engine.model.PartitionId;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;

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
    private final Callback ofOwn = (_, error) -> own(error);
    private long sent;
    private long commitStarted;
    private boolean begun;

    /** Begun here, while partitions are given up, and Streams does not know of it yet. */
    private boolean ahead;

    /** Why this transaction must not be committed. */
    private volatile @Nullable String spoilt;

    WatermarkProducer(Producer<byte[], byte[]> delegate, ThreadClients clients) {
        super(delegate);
        this.clients = clients;
        this.plan = new CommitPlan(clients, ProducerFencedException::new);
        clients.producerCreated(delegate);
        clients.sendThrough(this);
    }

    @Override
    public void beginTransaction() {
        if (ahead) {
            ahead = false;
            return;
        }
        delegate.beginTransaction();
        begun = true;
        commitStarted = 0;
    }

    /**
     * Writes a record in the transaction that Streams has begun, past its sink, whose measuring
     * costs as much as the writing. If it cannot be written, the transaction is not committed.
     *
     * @return false when Streams has begun none: then it has to write the record itself, so that it
     *     knows of the transaction
     */
    boolean sendOwn(ProducerRecord<byte[], byte[]> record) {
        if (!begun) {
            if (!clients.isDraining()) {
                return false;
            }
            beginTransaction();
            ahead = true;
        }
        sent++;
        try {
            var _ = delegate.send(record, ofOwn);
        } catch (KafkaException e) {
            own(e);
        }
        return true;
    }

    /** Also on the client's own thread. */
    private void own(@Nullable Exception error) {
        if (error != null) {
            spoilt = "a record could not be written: " + error;
        }
    }

    /**
     * A partition is given up while what was finished of it is not committed. Its offset will not
     * be in this transaction any more, so its outcomes must not be either.
     */
    void givenUp(PartitionId partition) {
        if (sent > 0) {
            spoilt = "partition '" + partition + "' was given up with outcomes not committed";
        }
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

    /** Streams flushes before it commits, once per task: most of a commit's time can be here. */
    @Override
    public void flush() {
        if (begun && commitStarted == 0) {
            commitStarted = clients.nanos();
        }
        delegate.flush();
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        if (commitStarted == 0) {
            commitStarted = clients.nanos();
        }
        String poison = clients.poisoned();
        if (poison == null) {
            poison = spoilt;
        }
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
        begun = false;
        boolean isEmpty = sent == 0 && plan.isEmpty();
        plan.committed();
        sent = 0;
        if (isEmpty) {
            clients.commitEnded();
        } else {
            clients.committed(took);
        }
    }

    @Override
    public void abortTransaction() {
        sent = 0;
        commitStarted = 0;
        begun = false;
        ahead = false;
        plan.dropped();
        delegate.abortTransaction();
        spoilt = null;
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
