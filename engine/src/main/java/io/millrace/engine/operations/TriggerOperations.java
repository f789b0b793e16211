package io.millrace.engine.operations;

import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.model.Activity;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.TopicNames;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.registry.RegistrySnapshot;
import io.millrace.engine.time.TimeSource;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Operations on the triggers of a running cluster, from any machine that reaches it.
 *
 * <ul>
 *   <li>Every operation may be repeated. One that was broken off says what it left and how to go
 *       on.
 *   <li>Changes are records of the registry; the nodes follow within moments. Whoever publishes
 *       later goes ahead, and the earlier one is told so.
 *   <li>All errors are {@link MillraceException}s: NOT_FOUND for a trigger or topic that is not
 *       there, INVALID for what is not allowed, IN_USE when somebody else went ahead, UNAVAILABLE
 *       when the cluster does not answer.
 * </ul>
 *
 * Threading: one thread; interrupting it ends the operation.
 */
public final class TriggerOperations implements AutoCloseable {
    /** How long a seek waits for the nodes to let go of a trigger. */
    public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(90);

    /** Longest reason for a pause, in characters. */
    public static final int MAX_REASON = 500;

    private final Admin admin;
    private final RegistryChange registry;
    private final SourceOffsets offsets;
    private final TopicNames names;
    private final TriggerStates states;
    private final Seek seek;
    private final Skip skip;
    private final Redrive redrive;

    /** Connects; no call is made before the first operation. The schemas client stays open. */
    public TriggerOperations(
            Cluster cluster, TopicNames names, SchemaRegistryClient schemas, TimeSource time) {
        this.admin = cluster.admin("millrace-operations");
        this.registry = new RegistryChange(cluster, names, schemas, time);
        this.offsets = new SourceOffsets(admin, cluster);
        this.names = names;
        this.states = new TriggerStates(cluster, names, schemas, time);
        this.seek = new Seek(registry, offsets, names, time);
        this.skip = new Skip(registry, offsets, cluster, names, time);
        this.redrive = new Redrive(registry, offsets, cluster, names, time);
    }

    /**
     * Lets a disabled trigger run. A pause stays, unless it was left by a seek that was broken off.
     */
    public void enable(TriggerId id) {
        change(
                id,
                activity ->
                        Seek.isOurs(activity)
                                ? Activity.ENABLED
                                : new Activity(true, activity.paused()));
    }

    /** Takes a trigger off all nodes. What runs comes to its end; nothing is lost. */
    public void disable(TriggerId id) {
        change(
                id,
                activity ->
                        Seek.isOurs(activity)
                                ? Activity.DISABLED
                                : new Activity(false, activity.paused()));
    }

    /**
     * Hands out nothing from now on until {@link #resume}.
     *
     * @param reason for people, 1 to {@link #MAX_REASON} characters
     */
    public void pause(TriggerId id, String reason) {
        String text = reason.strip();
        if (text.isEmpty() || text.length() > MAX_REASON) {
            throw MillraceException.invalid(
                    "reason for a pause", text, "1 to " + MAX_REASON + " characters");
        }
        change(id, activity -> activity.pausedFor(text));
    }

    /** Ends a pause. */
    public void resume(TriggerId id) {
        change(id, activity -> new Activity(activity.enabled(), Optional.empty()));
    }

    /** What {@link #seek} would do, without doing it. */
    public SeekPlan planSeek(TriggerId id, SeekTarget target) {
        return seek.plan(id, target);
    }

    /**
     * Moves a trigger: disables it, waits until its nodes have let go of it, writes the offsets and
     * makes it what it was before. Events that are parked for a later attempt stay parked.
     *
     * @param patience how long to wait for the nodes
     * @return what was done
     */
    public SeekPlan seek(TriggerId id, SeekTarget target, Duration patience, Progress progress) {
        return seek.run(id, target, patience, progress);
    }

    /** The event that {@link #skip} would leave out. */
    public SkipPlan planSkip(TriggerId id, EventPosition position) {
        return skip.plan(id, position);
    }

    /** Leaves an event out: it becomes a dead letter with the condition SkippedByOperator. */
    public SkipPlan skip(TriggerId id, EventPosition position) {
        return skip.run(id, position);
    }

    /** Counts what {@link #redrive} would send. */
    public RedriveReport planRedrive(TriggerId id, RedriveRequest request, Progress progress) {
        return redrive.plan(id, request, progress);
    }

    /** Sends dead letters to their source topic again, each of them once. */
    public RedriveReport redrive(TriggerId id, RedriveRequest request, Progress progress) {
        return redrive.run(id, request, progress);
    }

    /** How a trigger fares. */
    public TriggerReport state(TriggerId id) {
        return report(registry.find(id), states.read());
    }

    /** How all triggers fare, by id. */
    public List<TriggerReport> states() {
        RegistrySnapshot now = registry.read();
        Map<String, List<NodeReport>> nodes = states.read();
        return now.triggers().values().stream()
                .sorted(Comparator.comparing(trigger -> trigger.id().value()))
                .map(trigger -> report(trigger, nodes))
                .toList();
    }

    @Override
    public void close() {
        admin.close(Cluster.CALL_TIMEOUT);
    }

    private void change(TriggerId id, java.util.function.UnaryOperator<Activity> change) {
        Trigger _ =
                registry.change(
                        id, trigger -> trigger.withActivity(change.apply(trigger.activity())));
    }

    private TriggerReport report(Trigger trigger, Map<String, List<NodeReport>> nodes) {
        return TriggerReport.of(
                trigger, nodes.getOrDefault(trigger.id().value(), List.of()), lag(trigger));
    }

    private OptionalLong lag(Trigger trigger) {
        Optional<List<TopicPartition>> partitions =
                offsets.partitionsIfThere(trigger.sourceTopic());
        if (partitions.isEmpty()) {
            return OptionalLong.empty();
        }
        Map<TopicPartition, OffsetAndMetadata> marks =
                offsets.committed(names.group(trigger.id()), partitions.get());
        return marks.size() < partitions.get().size()
                ? OptionalLong.empty()
                : OptionalLong.of(lag(marks, partitions.get()));
    }

    private long lag(
            Map<TopicPartition, OffsetAndMetadata> marks, Collection<TopicPartition> partitions) {
        return offsets.at(partitions, OffsetSpec.latest()).entrySet().stream()
                .mapToLong(end -> {
                    OffsetAndMetadata mark = marks.get(end.getKey());
                    return mark == null ? 0 : Math.max(0, end.getValue() - mark.offset());
                })
                .sum();
    }
}
