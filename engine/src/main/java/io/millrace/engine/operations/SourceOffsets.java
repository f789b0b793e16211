package io.millrace.engine.operations;

import io.millrace.engine.cluster.Answers;
import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.cluster.CommittedOffsets;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Questions about topics, their offsets and a group's, and the one answer that is written. */
final class SourceOffsets {
    private final Admin admin;
    private final Answers answers;
    private final CommittedOffsets offsets;

    SourceOffsets(Admin admin, Cluster cluster) {
        this.admin = admin;
        this.answers = new Answers(cluster, Cluster.CALL_TIMEOUT);
        this.offsets = new CommittedOffsets(admin, answers);
    }

    /** The partitions of a topic; empty if there is no such topic. */
    Optional<List<TopicPartition>> partitionsIfThere(String topic) {
        try {
            return Optional.of(
                    answers
                            .await(
                                    admin.describeTopics(List.of(topic)).allTopicNames(),
                                    "cannot describe topic '" + topic + "'")
                            .values()
                            .stream()
                            .flatMap(found -> found.partitions().stream())
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList());
        } catch (MillraceException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    List<TopicPartition> partitions(String topic) {
        return partitionsIfThere(topic)
                .orElseThrow(() ->
                        new MillraceException(
                                ErrorCode.NOT_FOUND, "topic '" + topic + "' does not exist"));
    }

    Map<TopicPartition, Long> at(Collection<TopicPartition> partitions, OffsetSpec spec) {
        return offsets.at(partitions, spec);
    }

    /** What is committed; partitions without an offset are left out. */
    Map<TopicPartition, OffsetAndMetadata> committed(
            String group, Collection<TopicPartition> partitions) {
        return offsets.of(group, partitions);
    }

    /** Members of the group now. */
    int members(String group) {
        try {
            return answers
                    .await(
                            admin.describeConsumerGroups(List.of(group)).all(),
                            "cannot describe group '" + group + "'")
                    .values()
                    .stream()
                    .mapToInt(description -> description.members().size())
                    .sum();
        } catch (MillraceException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return 0;
            }
            throw e;
        }
    }

    /** Writes offsets of a group without members. */
    void write(String group, Map<TopicPartition, Long> offsets) {
        var positions = new HashMap<TopicPartition, OffsetAndMetadata>();
        offsets.forEach(
                (partition, offset) -> positions.put(partition, new OffsetAndMetadata(offset)));
        Void _ =
                answers.await(
                        admin.alterConsumerGroupOffsets(group, positions).all(),
                        "cannot write the offsets of group '" + group + "'");
    }
}
