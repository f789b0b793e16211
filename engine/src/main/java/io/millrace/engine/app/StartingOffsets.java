package io.millrace.engine.app;

import io.millrace.engine.cluster.Answers;
import io.millrace.engine.cluster.CommittedOffsets;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.StartingPosition;
import io.millrace.engine.model.Trigger;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownMemberIdException;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Sees to it that every source partition has a committed offset before a trigger starts, so that a
 * crash before the first commit neither skips nor repeats anything.
 *
 * <p>The changelog of the trigger is the sign that it ran before: Kafka Streams makes it when the
 * application first joins its group, which is after the starting offsets were written. A partition
 * that the changelog knows and that has no offset has lost it: that is told, never made up for by
 * starting anew. A partition that the changelog does not know is new and begins at its beginning.
 * The other way round, metadata of Kafka Streams in an offset is the sign that there must be a
 * changelog.
 */
final class StartingOffsets {
    private final Admin admin;
    private final Answers answers;
    private final CommittedOffsets offsets;

    StartingOffsets(Admin admin, Answers answers) {
        this.admin = admin;
        this.answers = answers;
        this.offsets = new CommittedOffsets(admin, answers);
    }

    /**
     * Checks the offsets, and writes those of new partitions.
     *
     * @param known partitions of the changelog; empty if there is none
     * @throws MillraceException when offsets are gone or do not fit to the topic
     */
    void ensure(
            Trigger trigger,
            String group,
            int partitions,
            Optional<Integer> known,
            String changelog) {
        var all = new ArrayList<TopicPartition>();
        for (int partition = 0; partition < partitions; partition++) {
            all.add(new TopicPartition(trigger.sourceTopic(), partition));
        }
        Map<TopicPartition, OffsetAndMetadata> committed = offsets.of(group, all);
        if (known.isEmpty()) {
            requireNeverRun(trigger, committed, changelog);
        }
        requireWithinTopic(trigger, committed);
        List<TopicPartition> missing =
                all.stream().filter(partition -> !committed.containsKey(partition)).toList();
        List<TopicPartition> gone =
                missing.stream().filter(p -> p.partition() < known.orElse(0)).toList();
        if (!gone.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.FAILED,
                    "the committed offsets of "
                            + names(gone)
                            + " in group '"
                            + group
                            + "' are gone although the trigger ran before: the topic was made anew,"
                            + " the group deleted, or its offsets expired; say where to go on:"
                            + " millrace trigger seek "
                            + trigger.id());
        }
        if (!missing.isEmpty()) {
            commit(group, start(trigger, missing, missing.size() == partitions));
        }
    }

    private static void requireNeverRun(
            Trigger trigger, Map<TopicPartition, OffsetAndMetadata> committed, String changelog) {
        if (committed.values().stream().anyMatch(offset -> !offset.metadata().isEmpty())) {
            throw new MillraceException(
                    ErrorCode.FAILED,
                    "changelog '"
                            + changelog
                            + "' is gone although the trigger ran before: events that were parked for"
                            + " a later attempt are lost; say where to go on: millrace trigger seek "
                            + trigger.id());
        }
    }

    private void requireWithinTopic(
            Trigger trigger, Map<TopicPartition, OffsetAndMetadata> committed) {
        if (committed.isEmpty()) {
            return;
        }
        Map<TopicPartition, Long> ends = offsets.at(committed.keySet(), OffsetSpec.latest());
        committed.forEach((partition, offset) -> {
            long end = ends.getOrDefault(partition, offset.offset());
            if (offset.offset() > end) {
                throw new MillraceException(
                        ErrorCode.FAILED,
                        "partition '"
                                + partition
                                + "' ends at offset "
                                + end
                                + " but was read up to "
                                + offset.offset()
                                + ": the topic was made anew or has lost records; say where to go"
                                + " on: millrace trigger seek "
                                + trigger.id());
            }
        });
    }

    /** Partitions that were added to a trigger begin at their beginning, whatever it began with. */
    private Map<TopicPartition, Long> start(
            Trigger trigger, List<TopicPartition> partitions, boolean isNew) {
        StartingPosition start = isNew ? trigger.intake().start() : StartingPosition.EARLIEST;
        OffsetSpec spec =
                switch (start.kind()) {
                    case EARLIEST -> OffsetSpec.earliest();
                    case LATEST -> OffsetSpec.latest();
                    case TIMESTAMP ->
                            OffsetSpec.forTimestamp(start.at().orElseThrow().toEpochMilli());
                };
        var found = new HashMap<>(offsets.at(partitions, spec));
        // Nothing at or after the time yet: what comes next is.
        List<TopicPartition> atEnd =
                partitions.stream().filter(p -> found.getOrDefault(p, -1L) < 0).toList();
        if (!atEnd.isEmpty()) {
            found.putAll(offsets.at(atEnd, OffsetSpec.latest()));
        }
        return found;
    }

    private void commit(String group, Map<TopicPartition, Long> offsets) {
        var positions = new HashMap<TopicPartition, OffsetAndMetadata>();
        offsets.forEach(
                (partition, offset) -> positions.put(partition, new OffsetAndMetadata(offset)));
        try {
            Void _ =
                    answers.await(
                            admin.alterConsumerGroupOffsets(group, positions).all(),
                            "cannot write the starting offsets of group '" + group + "'");
        } catch (MillraceException e) {
            if (e.getCause() instanceof UnknownMemberIdException) {
                throw new MillraceException(
                        ErrorCode.IN_USE,
                        "source topic has new partitions "
                                + names(offsets.keySet())
                                + "; their offsets can be written when all nodes have left group '"
                                + group
                                + "'",
                        e);
            }
            throw e;
        }
    }

    private static String names(Collection<TopicPartition> partitions) {
        return partitions.stream()
                        .map(partition -> "'" + partition + "'")
                        .sorted()
                        .limit(10)
                        .collect(Collectors.joining(", "))
                + (partitions.size() > 10 ? " and " + (partitions.size() - 10) + " more" : "");
    }
}
