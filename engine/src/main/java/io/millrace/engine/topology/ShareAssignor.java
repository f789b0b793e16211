package io.millrace.engine.topology;

import io.millrace.engine.model.LoadPolicy;

import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.assignment.ApplicationState;
import org.apache.kafka.streams.processor.assignment.KafkaStreamsAssignment;
import org.apache.kafka.streams.processor.assignment.KafkaStreamsAssignment.AssignedTask;
import org.apache.kafka.streams.processor.assignment.KafkaStreamsState;
import org.apache.kafka.streams.processor.assignment.ProcessId;
import org.apache.kafka.streams.processor.assignment.TaskAssignor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Gives the partitions of a trigger to its nodes so that each of these can run something.
 *
 * <ul>
 *   <li>Where the trigger has fewer permits than partitions, only some partitions carry one. No
 *       more nodes get partitions than there are permits, and each gets a partition that carries
 *       one.
 *   <li>What carries permits is spread evenly, and so are all partitions.
 *   <li>As far as that allows, partitions stay where they are; and they move at once, without the
 *       replicas that Kafka's own assignor warms up first, since the stores are small.
 * </ul>
 *
 * Made by Kafka Streams by its name. Threading: the consumer's thread of one node.
 */
public final class ShareAssignor implements TaskAssignor {
    /** The setting that tells it how many permits there are. */
    public static final String PERMITS_CONFIG = "millrace.max.concurrency";

    private int permits = LoadPolicy.MAX_CONCURRENCY;

    @Override
    public void configure(Map<String, ?> configs) {
        Object given = configs.get(PERMITS_CONFIG);
        if (given != null) {
            permits = Integer.parseInt(given.toString());
        }
    }

    @Override
    public TaskAssignment assign(ApplicationState state) {
        Map<ProcessId, SortedSet<TaskId>> previous = new HashMap<>();
        Map<ProcessId, KafkaStreamsState> nodes = state.kafkaStreamsStates(false);
        var active = new HashSet<TaskId>();
        nodes.values().forEach(node -> active.addAll(node.previousActiveTasks()));
        nodes.forEach((id, node) -> previous.put(id, previousTasks(node, active)));
        Map<ProcessId, Set<TaskId>> shared = share(state.allTasks().keySet(), previous, permits);
        var assignments = new ArrayList<KafkaStreamsAssignment>();
        shared.forEach((node, tasks) -> {
            var assigned = new HashSet<AssignedTask>();
            tasks.forEach(task -> assigned.add(new AssignedTask(task, AssignedTask.Type.ACTIVE)));
            assignments.add(KafkaStreamsAssignment.of(node, assigned));
        });
        return new TaskAssignment(assignments);
    }

    /** A node that was restarted has nothing active, but the stores of what it had. */
    private static SortedSet<TaskId> previousTasks(KafkaStreamsState node, Set<TaskId> active) {
        var tasks = new TreeSet<>(node.previousStandbyTasks());
        tasks.removeAll(active);
        tasks.addAll(node.previousActiveTasks());
        return tasks;
    }

    /** Which node gets what; all nodes are named, also those that get nothing. */
    static Map<ProcessId, Set<TaskId>> share(
            Collection<TaskId> tasks, Map<ProcessId, ? extends Set<TaskId>> previous, int permits) {
        var shares = new HashMap<ProcessId, Set<TaskId>>();
        previous.keySet().forEach(node -> shares.put(node, new HashSet<>()));
        if (previous.isEmpty()) {
            return shares;
        }
        var carrying = new ArrayList<TaskId>();
        var others = new ArrayList<TaskId>();
        for (TaskId task : new TreeSet<>(tasks)) {
            int share = Throttle.shareOf(permits, tasks.size(), task.partition());
            (share > 0 ? carrying : others).add(task);
        }
        List<ProcessId> nodes = nodes(previous, tasks, Math.min(permits, tasks.size()));
        spread(carrying, nodes, previous, shares);
        var all = new ArrayList<>(carrying);
        all.addAll(others);
        spread(all, nodes, previous, shares);
        return shares;
    }

    /** Those that have most of it already; so many at most. */
    private static List<ProcessId> nodes(
            Map<ProcessId, ? extends Set<TaskId>> previous, Collection<TaskId> tasks, int most) {
        return previous.keySet().stream()
                .sorted(
                        Comparator.comparingLong((ProcessId node) -> -known(previous, tasks, node))
                                .thenComparing(Comparator.naturalOrder()))
                .limit(Math.max(1, most))
                .toList();
    }

    private static long known(
            Map<ProcessId, ? extends Set<TaskId>> previous,
            Collection<TaskId> tasks,
            ProcessId node) {
        return of(previous, node).stream().filter(tasks::contains).count();
    }

    /** Adds what nobody has, so that in the end no node has two more of these than another. */
    private static void spread(
            List<TaskId> tasks,
            List<ProcessId> nodes,
            Map<ProcessId, ? extends Set<TaskId>> previous,
            Map<ProcessId, Set<TaskId>> shares) {
        var free = new TreeSet<>(tasks);
        shares.values().forEach(free::removeAll);
        int least = tasks.size() / nodes.size();
        int extra = tasks.size() % nodes.size();
        for (ProcessId node : nodes) {
            extra -= of(shares, node).size() > least ? 1 : 0;
        }
        for (ProcessId node : nodes) {
            keep(of(shares, node), of(previous, node), least, free);
        }
        for (ProcessId node : nodes) {
            if (extra > 0 && of(shares, node).size() == least) {
                keep(of(shares, node), of(previous, node), least + 1, free);
                extra -= of(shares, node).size() > least ? 1 : 0;
            }
        }
        for (TaskId task : free) {
            ProcessId poorest = nodes.getFirst();
            for (ProcessId node : nodes) {
                if (of(shares, node).size() < of(shares, poorest).size()) {
                    poorest = node;
                }
            }
            of(shares, poorest).add(task);
        }
    }

    private static void keep(Set<TaskId> share, Set<TaskId> had, int most, Set<TaskId> free) {
        for (TaskId task : had) {
            if (share.size() < most && free.remove(task)) {
                share.add(task);
            }
        }
    }

    private static Set<TaskId> of(Map<ProcessId, ? extends Set<TaskId>> shares, ProcessId node) {
        return Objects.requireNonNull(shares.get(node));
    }
}
