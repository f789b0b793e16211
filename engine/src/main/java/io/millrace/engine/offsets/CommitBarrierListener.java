package io.millrace.engine.offsets;

import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

import java.util.Collection;

/** Lets what is in flight come to its end before partitions are given up: the barrier's way. */
final class CommitBarrierListener implements ConsumerRebalanceListener {
    private final ConsumerRebalanceListener streams;
    private final ThreadClients clients;

    CommitBarrierListener(ConsumerRebalanceListener streams, ThreadClients clients) {
        this.streams = streams;
        this.clients = clients;
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        clients.drain();
        streams.onPartitionsRevoked(partitions);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        streams.onPartitionsAssigned(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        streams.onPartitionsLost(partitions);
    }
}
