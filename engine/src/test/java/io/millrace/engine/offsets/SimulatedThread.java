package io.millrace.engine.offsets;

import io.millrace.engine.model.PartitionId;
import io.millrace.engine.time.TimeSource;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** A stream thread's wrapped clients on a simulated broker, called as Kafka Streams calls them. */
public final class SimulatedThread {
    private static final Producer<byte[], byte[]> UNUSED = unused();
    private static final ConsumerGroupMetadata GROUP =
            new MockConsumer<>("earliest").groupMetadata();

    private final SimulatedBroker broker;
    private final ThreadClients clients;
    private final WatermarkConsumer consumer;
    private WatermarkProducer producer;

    public SimulatedThread(SimulatedBroker broker, TimeSource time) {
        this.broker = broker;
        clients = new ThreadClients(time);
        consumer = new WatermarkConsumer(new CommittedOffsets(broker), clients, (_, _, _) -> {});
        producer = new WatermarkProducer(new Transactions(broker), clients);
    }

    public ThreadClients clients() {
        return clients;
    }

    /** Reads the committed offset at the end of restoration, and initialises the task. */
    public PartitionEpoch open(PartitionId partition, ThreadClients.Task task) {
        consumer.committed(Set.of(SimulatedBroker.topicPartition(partition)));
        return clients.activate(partition, task);
    }

    public void send(ProducerRecord<byte[], byte[]> record) {
        var _ = producer.send(record);
    }

    /**
     * Commits these positions.
     *
     * @param fails whether the broker does not answer
     */
    public void commit(Map<PartitionId, Long> positions, boolean fails) {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        positions.forEach((partition, position) ->
                offsets.put(
                        SimulatedBroker.topicPartition(partition),
                        new OffsetAndMetadata(position)));
        producer.sendOffsetsToTransaction(offsets, GROUP);
        if (fails) {
            throw new TimeoutException("no answer");
        }
        producer.commitTransaction();
    }

    public void abort() {
        producer.abortTransaction();
    }

    /** After fencing. */
    public void replaceProducer() {
        producer = new WatermarkProducer(new Transactions(broker), clients);
    }

    /** A fault for negative controls: the thread goes on as if nothing had been lost. */
    public void forgetPoison() {
        clients.cleared();
    }

    private static final class CommittedOffsets extends MockConsumer<byte[], byte[]> {
        private final SimulatedBroker broker;

        private CommittedOffsets(SimulatedBroker broker) {
            super("earliest");
            this.broker = broker;
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
                Set<TopicPartition> partitions) {
            var found = new HashMap<>(broker.offsets());
            found.keySet().retainAll(partitions);
            return found;
        }
    }

    private static final class Transactions extends ForwardingProducer {
        private final SimulatedBroker broker;

        private Transactions(SimulatedBroker broker) {
            super(UNUSED);
            this.broker = broker;
        }

        @Override
        public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
            broker.send(record);
            return new CompletableFuture<>();
        }

        @Override
        public void sendOffsetsToTransaction(
                Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
            broker.sendOffsets(offsets);
        }

        @Override
        public void commitTransaction() {
            broker.commit();
        }

        @Override
        public void abortTransaction() {
            broker.abort();
        }
    }

    @SuppressWarnings("unchecked") // a proxy of the interface, whatever its parameters
    private static Producer<byte[], byte[]> unused() {
        return (Producer<byte[], byte[]>)
                Proxy.newProxyInstance(
                        Producer.class.getClassLoader(),
                        new Class<?>[] {Producer.class},
                        (_, method, _) -> {
                            throw new UnsupportedOperationException(method.getName());
                        });
    }
}
