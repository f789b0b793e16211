package io.millrace.engine.delivery;

import io.millrace.engine.lane.Cut;
import io.millrace.engine.lane.Progress;
import io.millrace.engine.lane.Work;
import io.millrace.engine.model.RawEvent;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What lies in the parking store of one partition, by lane and in order.
 *
 * <p>An entry with its event is <em>parked</em>: its offset is finished. One without is a
 * <em>note</em>: how far an event has come that is read again from its topic after a crash.
 *
 * <p>Threading: StreamThread only, but for {@link #earlier}.
 */
final class ParkedEvents {
    private final ParkingStore store;
    private final ParkingLimits limits;

    /** Parked events and their sizes. */
    private final Map<Long, Integer> sizes = new HashMap<>();

    /** Parked lanes, where order is kept: offsets in their order. */
    private final Map<Long, LinkedHashSet<Long>> lanes = new HashMap<>();

    private final Set<Long> noted = new HashSet<>();

    /** Notes of a former epoch whose events have not come yet; read by pool threads. */
    private final Map<Long, Progress> recovered = new ConcurrentHashMap<>();

    private long bytes;

    ParkedEvents(ParkingStore store, ParkingLimits limits) {
        this.store = store;
        this.limits = limits;
    }

    /** How far events had come before they were read again. Any thread. */
    Cut.Earlier earlier() {
        return event ->
                recovered.isEmpty()
                        ? Progress.NONE
                        : recovered.getOrDefault(event.offset(), Progress.NONE);
    }

    boolean isParked(long offset) {
        return !sizes.isEmpty() && sizes.containsKey(offset);
    }

    boolean hasLanes() {
        return !lanes.isEmpty();
    }

    boolean isLaneParked(long lane) {
        return !lanes.isEmpty() && lanes.containsKey(lane);
    }

    int size() {
        return sizes.size();
    }

    long bytes() {
        return bytes;
    }

    Collection<Long> lanes() {
        return lanes.keySet();
    }

    boolean hasRoomFor(RawEvent event) {
        int size = event.sizeInBytes();
        return sizes.size() < limits.maxEvents()
                && bytes + size <= limits.maxBytes()
                && size <= limits.maxEventBytes();
    }

    /** The offset has to be finished in the same transaction. */
    void park(RawEvent event, Progress progress, long dueAt) {
        store.put(event.offset(), new ParkedEvent(progress, dueAt, Optional.of(event)));
        forget(event.offset());
        index(event);
    }

    /** Parks behind whatever is parked in this lane. */
    void parkInLane(long lane, RawEvent event, Progress progress, long dueAt) {
        park(event, progress, dueAt);
        queue(lane, event.offset());
    }

    private void queue(long lane, long offset) {
        lanes.computeIfAbsent(lane, _ -> new LinkedHashSet<>()).add(offset);
    }

    private void index(RawEvent event) {
        Integer before = sizes.put(event.offset(), event.sizeInBytes());
        bytes += event.sizeInBytes() - (before == null ? 0 : before);
    }

    /** A parked event is tried again later. */
    void update(RawEvent event, Progress progress, long dueAt) {
        store.put(event.offset(), new ParkedEvent(progress, dueAt, Optional.of(event)));
    }

    /** A parked event has its outcome. */
    void settle(long lane, long offset) {
        store.delete(offset);
        Integer size = sizes.remove(offset);
        bytes -= size == null ? 0 : size;
        LinkedHashSet<Long> queue = lanes.get(lane);
        if (queue != null) {
            queue.remove(offset);
        }
    }

    /** The lane is no longer parked if nothing is left of it here. */
    boolean dropIfEmpty(long lane) {
        LinkedHashSet<Long> queue = lanes.get(lane);
        if (queue == null || !queue.isEmpty()) {
            return false;
        }
        lanes.remove(lane);
        return true;
    }

    /** Offsets of a parked lane, in their order. */
    Iterator<Long> offsetsOf(long lane) {
        LinkedHashSet<Long> queue = lanes.get(lane);
        return queue == null ? Collections.emptyIterator() : queue.iterator();
    }

    /** The head of a parked lane: events that have come equally far and are due. */
    Work head(long lane, int maxEvents, int maxBytes, long nowMillis) {
        var events = new ArrayList<RawEvent>();
        Progress progress = Progress.NONE;
        long size = 0;
        Iterator<Long> offsets = offsetsOf(lane);
        while (offsets.hasNext() && events.size() < maxEvents) {
            ParkedEvent entry = get(offsets.next());
            RawEvent event = entry.event().orElseThrow();
            size += event.sizeInBytes();
            boolean joins =
                    entry.progress().equals(progress)
                            && entry.dueAt() <= nowMillis
                            && size <= maxBytes;
            if (!events.isEmpty() && !joins) {
                break;
            }
            progress = entry.progress();
            events.add(event);
        }
        return new Work(events, progress, true);
    }

    ParkedEvent get(long offset) {
        return store.get(offset)
                .orElseThrow(() ->
                        new IllegalStateException(
                                "parked event " + offset + " is not in the store"));
    }

    /** An event that stays unfinished has come this far. */
    void note(RawEvent event, Progress progress, long dueAt) {
        store.put(event.offset(), new ParkedEvent(progress, dueAt, Optional.empty()));
        recovered.remove(event.offset());
        noted.add(event.offset());
    }

    /** An unfinished event has its outcome. */
    void finished(long offset) {
        if (forget(offset)) {
            store.delete(offset);
        }
    }

    private boolean forget(long offset) {
        if (noted.isEmpty() || !noted.remove(offset)) {
            return false;
        }
        recovered.remove(offset);
        return true;
    }

    /** Takes over a note of a former epoch. */
    void restoreNote(long offset, Progress progress) {
        noted.add(offset);
        recovered.put(offset, progress);
    }

    /** Takes over a parked event of a former epoch. */
    void restore(Optional<Long> lane, RawEvent event) {
        index(event);
        lane.ifPresent(id -> queue(id, event.offset()));
    }
}
