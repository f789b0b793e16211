package io.millrace.engine.operations;

import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.cluster.KafkaFailures;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.Intake;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.TopicNames;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.time.TimeSource;

import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Leaves one event out: it becomes a dead letter without being tried (again). */
final class Skip {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration READ = Duration.ofSeconds(10);

    private final RegistryChange registry;
    private final SourceOffsets offsets;
    private final Cluster cluster;
    private final TopicNames names;
    private final TimeSource time;

    Skip(
            RegistryChange registry,
            SourceOffsets offsets,
            Cluster cluster,
            TopicNames names,
            TimeSource time) {
        this.registry = registry;
        this.offsets = offsets;
        this.cluster = cluster;
        this.names = names;
        this.time = time;
    }

    SkipPlan plan(TriggerId id, EventPosition position) {
        Trigger trigger = registry.find(id);
        if (!trigger.sourceTopic().equals(position.partition().topic())) {
            throw MillraceException.invalid(
                    "topic to skip an event of",
                    position.partition().topic(),
                    "'" + trigger.sourceTopic() + "', the source of trigger '" + id + "'");
        }
        var partition =
                new TopicPartition(position.partition().topic(), position.partition().partition());
        List<TopicPartition> partitions = offsets.partitions(trigger.sourceTopic());
        if (!partitions.contains(partition)) {
            throw MillraceException.invalid(
                    "partition", "" + partition, "0 to " + (partitions.size() - 1));
        }
        OffsetAndMetadata committed =
                offsets.committed(names.group(id), List.of(partition)).get(partition);
        long begin =
                offsets.at(List.of(partition), OffsetSpec.earliest()).getOrDefault(partition, 0L);
        long end = offsets.at(List.of(partition), OffsetSpec.latest()).getOrDefault(partition, 0L);
        long lowest = committed == null ? begin : Math.max(begin, committed.offset());
        if (position.offset() < lowest || position.offset() >= end) {
            throw MillraceException.invalid(
                    "offset to skip",
                    "" + position.offset(),
                    lowest >= end
                            ? "none: partition '" + partition + "' has no unfinished event"
                            : lowest + " to " + (end - 1) + "; what is below is finished");
        }
        return look(id, position, partition);
    }

    SkipPlan run(TriggerId id, EventPosition position) {
        SkipPlan plan = plan(id, position);
        Trigger _ = registry.change(id, trigger -> skipping(trigger, position));
        return plan;
    }

    private Trigger skipping(Trigger trigger, EventPosition position) {
        Set<EventPosition> skips = new HashSet<>(trigger.intake().skips());
        skips.removeIf(isFinished(trigger, skips));
        skips.add(position);
        Intake intake = trigger.intake().withSkips(skips);
        return trigger.withIntake(intake);
    }

    /** Decisions that the mark has passed are of no more use. */
    private java.util.function.Predicate<EventPosition> isFinished(
            Trigger trigger, Set<EventPosition> skips) {
        List<TopicPartition> partitions =
                skips.stream()
                        .map(EventPosition::partition)
                        .map(p -> new TopicPartition(p.topic(), p.partition()))
                        .distinct()
                        .toList();
        Map<TopicPartition, OffsetAndMetadata> marks =
                partitions.isEmpty()
                        ? Map.of()
                        : offsets.committed(names.group(trigger.id()), partitions);
        return position -> {
            OffsetAndMetadata mark =
                    marks.get(
                            new TopicPartition(
                                    position.partition().topic(),
                                    position.partition().partition()));
            return mark != null && mark.offset() > position.offset();
        };
    }

    private SkipPlan look(TriggerId id, EventPosition position, TopicPartition partition) {
        try (Consumer<byte[], byte[]> consumer = cluster.consumer("millrace-skip")) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, position.offset());
            long begin = time.nanos();
            while (time.nanos() - begin < READ.toNanos()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.offset() != position.offset()) {
                        throw MillraceException.invalid(
                                "offset to skip",
                                "" + position.offset(),
                                "the offset of an event; the next one is " + record.offset());
                    }
                    return new SkipPlan(
                            id,
                            position,
                            Instant.ofEpochMilli(record.timestamp()),
                            Math.max(0, record.serializedKeySize())
                                    + Math.max(0, record.serializedValueSize()));
                }
                if (consumer.position(partition) > position.offset()) {
                    break;
                }
            }
        } catch (KafkaException e) {
            throw KafkaFailures.of(cluster, "cannot read '" + position + "'", e);
        }
        throw MillraceException.invalid(
                "offset to skip",
                "" + position.offset(),
                "the offset of an event, which it is not");
    }
}
