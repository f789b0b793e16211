package io.millrace.bench.run;

import io.millrace.bench.judge.Written;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

/** Makes and removes topics, and asks how far a group is. Threading: one thread. */
final class Topics implements AutoCloseable {
    private static final int LOOKS = 100;
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Admin admin;

    Topics(String bootstrapServers) {
        this.admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    /** A topic whose records carry the broker's time. */
    void create(String name, int partitions) throws InterruptedException {
        await(
                admin.createTopics(
                                List.of(
                                        new NewTopic(name, partitions, (short) 1)
                                                .configs(
                                                        Map.of(
                                                                TopicConfig
                                                                        .MESSAGE_TIMESTAMP_TYPE_CONFIG,
                                                                "LogAppendTime"))))
                        .all());
        awaitLeaders(name, partitions);
    }

    /** A topic is made before the broker serves it. */
    private void awaitLeaders(String name, int partitions) throws InterruptedException {
        for (int attempt = 0; attempt < LOOKS; attempt++) {
            try {
                long[] _ = ends(name, partitions);
                return;
            } catch (UnknownTopicOrPartitionException e) {
                LockSupport.parkNanos(LOOK.toNanos());
            }
        }
        throw new IllegalStateException("topic '" + name + "' is not served");
    }

    /** Removes every topic whose name starts like this. */
    void deleteAll(String prefix) throws InterruptedException {
        List<String> found =
                await(admin.listTopics().names()).stream()
                        .filter(name -> name.startsWith(prefix))
                        .toList();
        await(admin.deleteTopics(found).all());
    }

    /** The end of each partition. */
    long[] ends(String topic, int partitions) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            wanted.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        Map<TopicPartition, ListOffsetsResultInfo> found = await(admin.listOffsets(wanted).all());
        long[] ends = new long[partitions];
        found.forEach((partition, info) -> ends[partition.partition()] = info.offset());
        return ends;
    }

    /** What the group has committed of each partition; 0 where it has not. */
    long[] committed(String group, String topic, int partitions) throws InterruptedException {
        long[] committed = new long[partitions];
        Map<TopicPartition, OffsetAndMetadata> found;
        try {
            found = await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        } catch (GroupIdNotFoundException e) {
            return committed;
        }
        found.forEach((partition, offset) -> {
            if (partition.topic().equals(topic) && offset != null) {
                committed[partition.partition()] = offset.offset();
            }
        });
        return committed;
    }

    /** What the broker holds of every topic. */
    Written written() throws InterruptedException {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        Map<String, long[]> amounts = new HashMap<>();
        var names = await(admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
        for (TopicDescription topic : await(admin.describeTopics(names).allTopicNames()).values()) {
            amounts.put(topic.name(), new long[2]);
            topic.partitions()
                    .forEach(p ->
                            wanted.put(
                                    new TopicPartition(topic.name(), p.partition()),
                                    OffsetSpec.latest()));
        }
        await(admin.listOffsets(wanted).all())
                .forEach((partition, info) ->
                        amounts.computeIfAbsent(partition.topic(), _ -> new long[2])[0] +=
                                info.offset());
        List<Integer> brokers =
                await(admin.describeCluster().nodes()).stream().map(Node::id).toList();
        for (var folders : await(admin.describeLogDirs(brokers).allDescriptions()).values()) {
            for (LogDirDescription folder : folders.values()) {
                folder.replicaInfos()
                        .forEach((partition, info) -> {
                            long[] amount = amounts.get(partition.topic());
                            if (amount != null) {
                                amount[1] += info.size();
                            }
                        });
            }
        }
        Map<String, Written.Amount> topics = new HashMap<>();
        amounts.forEach((topic, both) -> topics.put(topic, new Written.Amount(both[0], both[1])));
        return new Written(topics);
    }

    /** A group that was made by an admin client has no such offsets. */
    long[] committedByShareGroup(String group, String topic, int partitions)
            throws InterruptedException {
        long[] committed = new long[partitions];
        await(
                        admin.listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
                                .partitionsToOffsetInfo(group))
                .forEach((partition, info) -> {
                    if (partition.topic().equals(topic) && info != null) {
                        committed[partition.partition()] = info.startOffset();
                    }
                });
        return committed;
    }

    static long sum(long[] values) {
        return Arrays.stream(values).sum();
    }

    private static <T> T await(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
