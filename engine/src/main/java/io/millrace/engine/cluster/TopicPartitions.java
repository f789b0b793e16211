package io.millrace.engine.cluster;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which partitions a topic has. */
public final class TopicPartitions {
    private static final Duration CREATION_PATIENCE = Duration.ofSeconds(3);

    private TopicPartitions() {}

    /**
     * The partitions of a topic; empty if there is no such topic. A topic that was made a moment
     * ago and is not yet known to every broker is waited for.
     */
    public static Optional<List<TopicPartition>> of(
            Consumer<byte[], byte[]> consumer, String topic) {
        List<TopicPartition> found = find(consumer, topic);
        if (found.isEmpty()) {
            try {
                var _ =
                        consumer.endOffsets(
                                Set.of(new TopicPartition(topic, 0)), CREATION_PATIENCE);
            } catch (TimeoutException _) {
                return Optional.empty();
            }
            found = find(consumer, topic);
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(found);
    }

    private static List<TopicPartition> find(Consumer<byte[], byte[]> consumer, String topic) {
        List<PartitionInfo> infos = consumer.partitionsFor(topic);
        return infos == null
                ? List.of()
                : infos.stream().map(p -> new TopicPartition(topic, p.partition())).toList();
    }
}
