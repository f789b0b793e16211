package io.millrace.engine.cluster;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads where groups and partitions stand. Threading: any thread; waits in bounded time and throws
 * {@link io.millrace.engine.model.MillraceException} when nobody answers.
 */
public final class CommittedOffsets {
    private final Admin admin;
    private final Answers answers;

    public CommittedOffsets(Admin admin, Answers answers) {
        this.admin = admin;
        this.answers = answers;
    }

    /** What a group has committed; partitions without an offset are left out. */
    public Map<TopicPartition, OffsetAndMetadata> of(
            String group, Collection<TopicPartition> partitions) {
        var committed =
                new HashMap<>(
                        answers.await(
                                admin.listConsumerGroupOffsets(
                                                Map.of(
                                                        group,
                                                        new ListConsumerGroupOffsetsSpec()
                                                                .topicPartitions(partitions)))
                                        .partitionsToOffsetAndMetadata(group),
                                "cannot read the offsets of group '" + group + "'"));
        committed.values().removeIf(offset -> offset == null);
        return committed;
    }

    /** Where the partitions begin, end, or were at a time; negative where nothing is. */
    public Map<TopicPartition, Long> at(Collection<TopicPartition> partitions, OffsetSpec spec) {
        return answers
                .await(
                        admin.listOffsets(
                                        partitions.stream()
                                                .collect(
                                                        Collectors.toMap(
                                                                Function.identity(), _ -> spec)))
                                .all(),
                        "cannot read the offsets of " + partitions)
                .entrySet()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, found -> found.getValue().offset()));
    }
}
