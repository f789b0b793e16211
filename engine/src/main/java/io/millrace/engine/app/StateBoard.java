package io.millrace.engine.app;

import io.millrace.engine.model.TriggerId;
import io.millrace.engine.time.TimeSource;
import io.millrace.engine.topology.DeliveryGauges;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How every trigger fares on this node, kept for whoever asks and told to the cluster.
 *
 * <p>Threading: any thread.
 */
final class StateBoard {
    private final Map<TriggerId, Entry> entries = new ConcurrentHashMap<>();
    private final StatePublisher publisher;
    private final TimeSource time;

    StateBoard(StatePublisher publisher, TimeSource time) {
        this.publisher = publisher;
        this.time = time;
    }

    /** A state, since when the phase lasts, and where the figures come from. */
    private static final class Entry {
        private TriggerState state;
        private Instant since;
        private @Nullable DeliveryGauges gauges;
        private Figures figures = Figures.NONE;

        private Entry(TriggerState state, Instant since) {
            this.state = state;
            this.since = since;
        }

        private synchronized void put(TriggerState next, Instant now) {
            if (next.phase() != state.phase()) {
                since = now;
            }
            state = next;
        }

        private synchronized void bind(@Nullable DeliveryGauges source) {
            figures = figures();
            gauges = source;
        }

        private synchronized TriggerState state() {
            return state;
        }

        private synchronized Figures figures() {
            DeliveryGauges source = gauges;
            return source == null ? figures.withoutPartitions() : Figures.of(source, figures);
        }

        private synchronized Status status() {
            return new Status(state, since, figures());
        }
    }

    /**
     * What a trigger has done on this node; the last known figures while no application runs.
     *
     * @param result of the last invocation, in Lambda's words (ESM-4)
     */
    record Figures(String result, int partitions, long succeeded, long deadLetters, long retries) {
        static final Figures NONE = new Figures(DeliveryGauges.LastResult.NONE.text(), 0, 0, 0, 0);

        private static Figures of(DeliveryGauges gauges, Figures before) {
            DeliveryGauges.LastResult last = gauges.lastResult();
            return new Figures(
                    last == DeliveryGauges.LastResult.NONE ? before.result() : last.text(),
                    gauges.partitions(),
                    gauges.succeeded(),
                    gauges.deadLetters(),
                    gauges.retries());
        }

        private Figures withoutPartitions() {
            return new Figures(result, 0, succeeded, deadLetters, retries);
        }

        /** Rises with every attempt that ends. */
        long attempts() {
            return succeeded + deadLetters + retries;
        }
    }

    /** What is told about one trigger. */
    record Status(TriggerState state, Instant since, Figures figures) {}

    void put(TriggerState state) {
        Instant now = time.now();
        entries.computeIfAbsent(state.trigger(), _ -> new Entry(state, now)).put(state, now);
        publisher.changed();
    }

    /** Where the figures come from, from now on. */
    void bind(TriggerId id, DeliveryGauges gauges) {
        Optional.ofNullable(entries.get(id)).ifPresent(entry -> entry.bind(gauges));
        publisher.changed();
    }

    /** The application is gone; its last figures stay. */
    void unbind(TriggerId id) {
        Optional.ofNullable(entries.get(id)).ifPresent(entry -> entry.bind(null));
        publisher.changed();
    }

    /** Forgets all other triggers. */
    void retain(Set<TriggerId> ids) {
        if (entries.keySet().retainAll(ids)) {
            publisher.changed();
        }
    }

    /** STARTING when nothing is known yet. */
    TriggerState.Phase phase(TriggerId id) {
        Entry entry = entries.get(id);
        return entry == null ? TriggerState.Phase.STARTING : entry.state().phase();
    }

    /** How many run. */
    long running() {
        return entries.values().stream()
                .filter(entry -> entry.state().phase() == TriggerState.Phase.RUNNING)
                .count();
    }

    String reason(TriggerId id) {
        Entry entry = entries.get(id);
        return entry == null ? "" : entry.state().reason();
    }

    List<TriggerState> states() {
        return entries.values().stream().map(Entry::state).toList();
    }

    Map<TriggerId, Status> statuses() {
        return entries.entrySet().stream()
                .collect(
                        java.util.stream.Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().status()));
    }
}
