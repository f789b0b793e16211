package io.millrace.engine.lane;

import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The lanes of one partition; an ordered lane exists only while it has something to do.
 *
 * <p>The lane of an event is the hash of its key's bytes, so that equal keys share a lane. No order
 * was asked for events without a key: they go round by their offsets. An empty key is a key. Where
 * no order is kept, there are as many lanes as there can be invocations, over one queue.
 *
 * <p>Threading: StreamThread only.
 */
public final class LaneTable {
    private final LanePolicy policy;
    private final int maxUnordered;
    private final EventQueue shared = new EventQueue();
    private final Map<Long, Lane> active = new HashMap<>();

    /**
     * A table without lanes.
     *
     * @param maxUnordered lanes at most where no order is kept
     */
    public LaneTable(LanePolicy policy, int maxUnordered) {
        this.policy = policy;
        this.maxUnordered = maxUnordered;
    }

    public boolean isOrdered() {
        return policy.isOrdered();
    }

    /**
     * Queues an event; gives the lane that has to be run, if it is not on its way already.
     *
     * @param maxEvents what makes a batch full, for lanes that gather
     * @param now on the monotonic clock
     */
    public @Nullable Lane offer(RawEvent event, int maxEvents, Cut cut, long now) {
        if (isOrdered()) {
            Lane lane = lane(idOf(event));
            return lane.offer(event, maxEvents, cut, now) ? lane : null;
        }
        synchronized (shared) {
            shared.add(event);
            // A lane that gathers takes this event along: it needs no other one beside it.
            return shared.hasWaitingLanes() && cut.windowNanos() > 0
                    ? fullOrWoken(maxEvents, cut, now)
                    : wakeUnordered();
        }
    }

    private @Nullable Lane fullOrWoken(int maxEvents, Cut cut, long now) {
        for (Lane lane : active.values()) {
            if (lane.endGathering(maxEvents, cut, now)) {
                return lane;
            }
            if (lane.gatheringEnds().isPresent()) {
                return null;
            }
        }
        return wakeUnordered();
    }

    /** Unordered only: queues work to be done before everything else. */
    public @Nullable Lane offerFirst(Work work) {
        synchronized (shared) {
            shared.addFirst(List.of(work));
            Lane woken = wakeUnordered();
            return woken == null && shared.hasWaitingLanes() ? wakeWaiting() : woken;
        }
    }

    /** Neither the limit nor a window matters to work that was started before. */
    private @Nullable Lane wakeWaiting() {
        for (Lane lane : active.values()) {
            if (lane.stopWaiting()) {
                return lane;
            }
        }
        return null;
    }

    private @Nullable Lane wakeUnordered() {
        Lane lane = shared.idle().pollFirst();
        if (lane == null && active.size() < maxUnordered) {
            lane = new Lane(active.size(), shared, false);
            active.put(lane.id(), lane);
        }
        return lane != null && lane.wake() ? lane : null;
    }

    /** The ordered lane with this id, made if it does not exist. */
    public Lane lane(long id) {
        return active.computeIfAbsent(id, made -> new Lane(made, new EventQueue(), true));
    }

    /** Forgets the lane if it has nothing to do. */
    public void dropIfIdle(Lane lane) {
        if (lane.isOrdered() && lane.isIdle()) {
            active.remove(lane.id(), lane);
        }
    }

    /** Lanes that waited for the dispatch limit and need not any more. */
    public List<Lane> release(long limit) {
        var released = new ArrayList<Lane>();
        for (Lane lane : active.values()) {
            if (lane.release(limit)) {
                released.add(lane);
            }
        }
        return released;
    }

    /** The event at this offset if it waits in a queue, or null. Looks at all of them. */
    public @Nullable RawEvent find(long offset) {
        if (!isOrdered()) {
            synchronized (shared) {
                return shared.find(offset);
            }
        }
        for (Lane lane : active.values()) {
            RawEvent found = lane.find(offset);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** Number of lanes that have something to do. */
    public int size() {
        return isOrdered()
                ? active.size()
                : (int) active.values().stream().filter(lane -> !lane.isIdle()).count();
    }

    /** The lane this event belongs to. */
    public long idOf(RawEvent event) {
        return switch (policy.order()) {
            case PARTITION, NONE -> 0;
            case KEY -> policy.lanes() == LanePolicy.LANE_PER_KEY ? perKey(event) : byHash(event);
        };
    }

    private long byHash(RawEvent event) {
        Payload key = event.key();
        return key.isNull()
                ? event.offset() % policy.lanes()
                : Long.remainderUnsigned(hash64(key.bytes()), policy.lanes());
    }

    /** Without a key each event has a lane to itself; that of a key may be the same by chance. */
    private static long perKey(RawEvent event) {
        return event.key().isNull() ? -1 - event.offset() : hash64(event.key().bytes());
    }

    /**
     * FNV-1a with a final mix: partitioners use murmur2, whose bits would repeat within a
     * partition.
     */
    private static long hash64(byte[] bytes) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        hash ^= hash >>> 33;
        hash *= 0xff51afd7ed558ccdL;
        return hash ^ hash >>> 33;
    }
}
