package io.millrace.engine.offsets;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is committed in place of what Streams asks for: marks and finished sets; nothing where
 * nothing happened.
 *
 * <p>Threading: StreamThread only.
 */
final class CommitPlan {
    private final ThreadClients clients;
    private final Function<String, RuntimeException> misfit;
    private final Map<PartitionEpoch, FinishedSet> planned = new HashMap<>();

    /**
     * @param misfit what is thrown when this must not be committed
     */
    CommitPlan(ThreadClients clients, Function<String, RuntimeException> misfit) {
        this.clients = clients;
        this.misfit = misfit;
    }

    /**
     * What is to be committed.
     *
     * @param records whether records are committed with it: then a group check is needed
     */
    Map<TopicPartition, OffsetAndMetadata> replace(
            Map<TopicPartition, OffsetAndMetadata> presented, boolean records) {
        // An earlier plan that came to nothing must not keep a partition out of this one.
        planned.clear();
        var replaced = new HashMap<TopicPartition, OffsetAndMetadata>();
        boolean markersDue = clients.isMarkerCommitDue();
        presented.forEach((partition, value) -> {
            PartitionEpoch epoch = clients.epoch(WatermarkConsumer.id(partition));
            if (epoch == null) {
                // Its position is behind events that have only been queued.
                throw new IllegalStateException(
                        "partition '" + partition + "' is to be committed but has no epoch");
            }
            FinishedSet set = epoch.toCommit(value.offset());
            boolean moved = !set.equals(epoch.lastCommitted());
            if (records || epoch.isUncommitted() || (moved && markersDue)) {
                put(replaced, epoch, set, value.metadata());
            }
        });
        // Streams may leave out a task whose records are committed.
        for (PartitionEpoch epoch : clients.epochs()) {
            if (epoch.isUncommitted() && !planned.containsKey(epoch)) {
                putUnpresented(replaced, epoch);
            }
        }
        // The group check that fences a zombie happens only where offsets are committed.
        if (records && replaced.isEmpty()) {
            throw poisoned("records were written, and no offset is to be committed with them");
        }
        if (markersDue) {
            clients.markersCommitted();
        }
        return replaced;
    }

    /** Whether no partition has anything to commit. */
    boolean isEmpty() {
        return planned.isEmpty();
    }

    /** It has been committed. */
    void committed() {
        planned.forEach(PartitionEpoch::committed);
        planned.clear();
    }

    /** It has not. */
    void dropped() {
        planned.clear();
    }

    private void putUnpresented(
            Map<TopicPartition, OffsetAndMetadata> replaced, PartitionEpoch epoch) {
        put(replaced, epoch, epoch.toCommit(epoch.tracker().highest() + 1), "");
    }

    private void put(
            Map<TopicPartition, OffsetAndMetadata> replaced,
            PartitionEpoch epoch,
            FinishedSet set,
            String streamsText) {
        if (!clients.isAssigned(epoch.partition())) {
            // The group lets each member commit any partition: its next owner would be set back.
            throw poisoned("partition '" + epoch.partition() + "' belongs to another member");
        }
        String metadata = OffsetCodec.encode(streamsText, set);
        if (metadata.length() > OffsetCodec.MAX_METADATA) {
            throw poisoned(
                    "the finished set of '"
                            + epoch.partition()
                            + "' needs "
                            + metadata.length()
                            + " characters");
        }
        epoch.encoded(metadata.length());
        planned.put(epoch, set);
        // Streams' leader epoch belongs to a later record: none is better than a wrong one.
        replaced.put(
                new TopicPartition(epoch.partition().topic(), epoch.partition().partition()),
                new OffsetAndMetadata(set.mark(), Optional.empty(), metadata));
    }

    private RuntimeException poisoned(String why) {
        clients.poison(why);
        return misfit.apply(why);
    }
}
