package io.millrace.engine.operations;

import io.millrace.engine.model.Activity;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.TopicNames;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.time.TimeSource;

import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Moves a trigger in its source topic: takes it off its nodes, writes the offsets, and lets it run
 * again as it did before.
 */
final class Seek {
    /** What the paused reason of a trigger begins with while a seek is under way. */
    static final String UNDER_WAY = "a seek is under way";

    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration TELL = Duration.ofSeconds(2);

    private final RegistryChange registry;
    private final SourceOffsets offsets;
    private final TopicNames names;
    private final TimeSource time;

    Seek(RegistryChange registry, SourceOffsets offsets, TopicNames names, TimeSource time) {
        this.registry = registry;
        this.offsets = offsets;
        this.names = names;
        this.time = time;
    }

    SeekPlan plan(TriggerId id, SeekTarget target) {
        return plan(registry.find(id), target);
    }

    SeekPlan run(TriggerId id, SeekTarget target, Duration patience, Progress progress) {
        // Whatever is wrong with the target is told before anything is stopped.
        SeekPlan _ = plan(id, target);
        Optional<Activity> before = disable(id);
        boolean written = false;
        try {
            String group = names.group(id);
            awaitEmpty(group, patience, progress);
            SeekPlan plan = plan(id, target);
            var to = new HashMap<TopicPartition, Long>();
            for (SeekPlan.Move move : plan.moves()) {
                // An untouched partition keeps what is finished above its mark.
                if (move.from().isEmpty() || move.from().getAsLong() != move.to()) {
                    to.put(new TopicPartition(plan.topic(), move.partition()), move.to());
                }
            }
            if (!to.isEmpty()) {
                offsets.write(group, to);
            }
            written = true;
            progress.tell("offsets of group '" + group + "' are written");
            restore(id, before);
            return plan;
        } catch (MillraceException e) {
            throw brokenOff(id, before, written, e);
        }
    }

    /** Gives what has to be put back; nothing if the trigger was disabled anyway. */
    private Optional<Activity> disable(TriggerId id) {
        var before = new ArrayList<Activity>();
        Trigger _ =
                registry.change(
                        id,
                        trigger -> {
                            before.clear();
                            if (!trigger.enabled()) {
                                return trigger;
                            }
                            before.add(trigger.activity());
                            return trigger.withActivity(
                                    Activity.DISABLED.pausedFor(
                                            UNDER_WAY
                                                    + "; if it was broken off: millrace trigger enable "
                                                    + id));
                        });
        return before.stream().findFirst();
    }

    private void restore(TriggerId id, Optional<Activity> before) {
        if (before.isPresent()) {
            Trigger _ =
                    registry.change(
                            id,
                            trigger ->
                                    isOurs(trigger.activity())
                                            ? trigger.withActivity(before.get())
                                            : trigger);
        }
    }

    static boolean isOurs(Activity activity) {
        return !activity.enabled()
                && activity.paused().filter(reason -> reason.startsWith(UNDER_WAY)).isPresent();
    }

    private MillraceException brokenOff(
            TriggerId id, Optional<Activity> before, boolean written, MillraceException cause) {
        String left;
        String enabled = before.isEmpty() ? "it is disabled as before" : "it is enabled again";
        try {
            if (!written || before.isEmpty()) {
                restore(id, before);
                left = enabled;
            } else {
                left = "it is disabled; go on with: millrace trigger enable " + id;
            }
        } catch (MillraceException e) {
            cause.addSuppressed(e);
            left = "it may be left disabled; go on with: millrace trigger enable " + id;
        }
        return new MillraceException(
                cause.code(),
                "seek of trigger '"
                        + id
                        + "' broken off, "
                        + (written ? "its offsets are moved, " : "nothing was moved, ")
                        + left
                        + ": "
                        + cause.text(),
                cause);
    }

    private void awaitEmpty(String group, Duration patience, Progress progress) {
        long begin = time.nanos();
        long told = begin;
        while (true) {
            int members = offsets.members(group);
            if (members == 0) {
                return;
            }
            long now = time.nanos();
            if (now - begin > patience.toNanos()) {
                throw new MillraceException(
                        ErrorCode.IN_USE,
                        members
                                + " members are still in group '"
                                + group
                                + "' after "
                                + patience.toSeconds()
                                + " s; a node may be hanging, or a handler running for long");
            }
            if (now - told > TELL.toNanos()) {
                told = now;
                progress.tell(
                        "waiting for "
                                + members
                                + " members to leave group '"
                                + group
                                + "', "
                                + Duration.ofNanos(now - begin).toSeconds()
                                + " s");
            }
            Pause.of(LOOK);
        }
    }

    private SeekPlan plan(Trigger trigger, SeekTarget target) {
        List<TopicPartition> partitions = offsets.partitions(trigger.sourceTopic());
        Map<TopicPartition, OffsetAndMetadata> committed =
                offsets.committed(names.group(trigger.id()), partitions);
        Map<TopicPartition, Long> to =
                switch (target) {
                    case SeekTarget.Earliest _ -> offsets.at(partitions, OffsetSpec.earliest());
                    case SeekTarget.Latest _ -> offsets.at(partitions, OffsetSpec.latest());
                    case SeekTarget.Timestamp t -> atTime(partitions, t);
                    case SeekTarget.Offsets o -> exactly(trigger.sourceTopic(), partitions, o);
                };
        var moves = new ArrayList<SeekPlan.Move>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata now = committed.get(partition);
            OptionalLong from = now == null ? OptionalLong.empty() : OptionalLong.of(now.offset());
            Long wanted = to.get(partition);
            if (wanted != null || now != null) {
                moves.add(
                        new SeekPlan.Move(
                                partition.partition(),
                                from,
                                wanted == null ? from.orElse(0) : wanted));
            }
        }
        moves.sort(Comparator.comparingInt(SeekPlan.Move::partition));
        return new SeekPlan(trigger.id(), trigger.sourceTopic(), moves);
    }

    private Map<TopicPartition, Long> atTime(
            List<TopicPartition> partitions, SeekTarget.Timestamp target) {
        var found =
                new HashMap<>(
                        offsets.at(
                                partitions, OffsetSpec.forTimestamp(target.time().toEpochMilli())));
        List<TopicPartition> behind =
                partitions.stream().filter(p -> found.getOrDefault(p, -1L) < 0).toList();
        if (!behind.isEmpty()) {
            found.putAll(offsets.at(behind, OffsetSpec.latest()));
        }
        return found;
    }

    private Map<TopicPartition, Long> exactly(
            String topic, List<TopicPartition> partitions, SeekTarget.Offsets target) {
        Map<TopicPartition, Long> begins = offsets.at(partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = offsets.at(partitions, OffsetSpec.latest());
        var to = new HashMap<TopicPartition, Long>();
        target.byPartition()
                .forEach((number, offset) -> {
                    var partition = new TopicPartition(topic, number);
                    Long begin = begins.get(partition);
                    Long end = ends.get(partition);
                    if (begin == null || end == null) {
                        throw MillraceException.invalid(
                                "partition", "" + partition, "0 to " + (partitions.size() - 1));
                    }
                    if (offset < begin || offset > end) {
                        throw MillraceException.invalid(
                                "offset of partition '" + partition + "',",
                                "" + offset,
                                begin + " to " + end);
                    }
                    to.put(partition, offset);
                });
        return to;
    }
}
