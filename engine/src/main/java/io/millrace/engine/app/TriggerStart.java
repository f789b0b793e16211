package io.millrace.engine.app;

import io.millrace.engine.config.EngineConfig;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.StartingPosition;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.topology.InvocationTopology;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What has to be true before a trigger's application starts: its topics exist, their limits are
 * known, and every source partition has a committed offset, so that a crash before the first commit
 * neither skips nor repeats anything.
 */
final class TriggerStart {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Admin admin;
    private final EngineConfig engine;

    TriggerStart(Admin admin, EngineConfig engine) {
        this.admin = admin;
        this.engine = engine;
    }

    /**
     * What was found.
     *
     * @param limits largest record in bytes that each target topic takes
     * @param partitions of the source topic
     */
    record Ready(Map<String, Integer> limits, int partitions) {}

    Ready prepare(Trigger trigger, String meteringTopic) {
        int partitions = describe(trigger.sourceTopic(), "source topic").partitions().size();
        growChangelog(trigger, partitions);
        var targets = new ArrayList<String>(trigger.destinations().topics());
        targets.add(meteringTopic);
        for (String topic : targets) {
            TopicDescription _ = describe(topic, "target topic");
        }
        commitStartingOffsets(trigger, partitions);
        return new Ready(limits(targets), partitions);
    }

    private TopicDescription describe(String topic, String role) {
        try {
            return await(
                    admin.describeTopics(List.of(topic))
                            .allTopicNames()
                            .thenApply(
                                    found -> Optional.ofNullable(found.get(topic)).orElseThrow()),
                    "describe topic '" + topic + "'");
        } catch (MillraceException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new MillraceException(
                        ErrorCode.NOT_FOUND,
                        role + " '" + topic + "' does not exist; the trigger starts when it does",
                        e);
            }
            throw e;
        }
    }

    /** Streams stops for good when a changelog has fewer partitions than the source. */
    private void growChangelog(Trigger trigger, int partitions) {
        String changelog =
                StreamsSettings.applicationId(engine, trigger)
                        + "-"
                        + InvocationTopology.PARKED_STORE
                        + "-changelog";
        Set<String> existing = await(admin.listTopics().names(), "list topics");
        if (existing.contains(changelog)
                && describe(changelog, "changelog").partitions().size() < partitions) {
            Void _ =
                    await(
                            admin.createPartitions(
                                            Map.of(changelog, NewPartitions.increaseTo(partitions)))
                                    .all(),
                            "add partitions to '" + changelog + "'");
        }
    }

    private void commitStartingOffsets(Trigger trigger, int partitions) {
        String group = StreamsSettings.applicationId(engine, trigger);
        var all = new ArrayList<TopicPartition>();
        for (int partition = 0; partition < partitions; partition++) {
            all.add(new TopicPartition(trigger.sourceTopic(), partition));
        }
        Map<TopicPartition, OffsetAndMetadata> committed =
                await(
                        admin.listConsumerGroupOffsets(
                                        Map.of(
                                                group,
                                                new ListConsumerGroupOffsetsSpec()
                                                        .topicPartitions(all)))
                                .partitionsToOffsetAndMetadata(group),
                        "read the offsets of group '" + group + "'");
        List<TopicPartition> missing =
                all.stream().filter(partition -> committed.get(partition) == null).toList();
        if (missing.isEmpty()) {
            return;
        }
        // Partitions that were added to a running trigger begin at their beginning.
        boolean isNew = missing.size() == partitions;
        OffsetSpec start =
                isNew && trigger.intake().start().equals(StartingPosition.LATEST)
                        ? OffsetSpec.latest()
                        : OffsetSpec.earliest();
        var wanted = new HashMap<TopicPartition, OffsetSpec>();
        missing.forEach(partition -> wanted.put(partition, start));
        var positions = new HashMap<TopicPartition, OffsetAndMetadata>();
        await(
                        admin.listOffsets(wanted).all(),
                        "read the offsets of '" + trigger.sourceTopic() + "'")
                .forEach((partition, info) ->
                        positions.put(partition, new OffsetAndMetadata(info.offset())));
        Void _ =
                await(
                        admin.alterConsumerGroupOffsets(group, positions).all(),
                        "write the starting offsets of group '" + group + "'");
    }

    private Map<String, Integer> limits(List<String> topics) {
        List<ConfigResource> resources =
                topics.stream()
                        .distinct()
                        .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                        .toList();
        var limits = new HashMap<String, Integer>();
        await(admin.describeConfigs(resources).all(), "read the limits of the target topics")
                .forEach((resource, config) ->
                        limits.put(
                                resource.name(),
                                Integer.valueOf(
                                        config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value())));
        return limits;
    }

    private static <T> T await(KafkaFuture<T> future, String what) {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new MillraceException(
                    ErrorCode.UNAVAILABLE, "could not " + what + ": " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new MillraceException(
                    ErrorCode.UNAVAILABLE,
                    "could not " + what + ": no answer within " + PATIENCE.toSeconds() + " s",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MillraceException(
                    ErrorCode.UNAVAILABLE, "interrupted while trying to " + what, e);
        }
    }
}
