package io.millrace.engine.lane;

import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The lanes of one partition; a lane exists only while it has something to do.
 *
 * <p>The lane of an event is the hash of its key's bytes, so that equal keys share a lane. No order
 * was asked for events without a key: they go round. An empty key is a key.
 *
 * <p>Threading: StreamThread only.
 */
public final class LaneTable {
    private final int lanes;
    private final Map<Long, Lane> active = new HashMap<>();
    private long nextKeyless;

    /**
     * A table without lanes.
     *
     * @param lanes lanes of the partition; 1 keeps the order of the partition
     */
    public LaneTable(int lanes) {
        this.lanes = lanes;
    }

    /** The lane this event belongs to, made if it does not exist. */
    public Lane laneOf(RawEvent event) {
        return active.computeIfAbsent(idOf(event.key()), Lane::new);
    }

    /** Forgets the lane if it has nothing to do. */
    public void dropIfIdle(Lane lane) {
        if (lane.isIdle()) {
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

    /** Number of lanes that have something to do. */
    public int size() {
        return active.size();
    }

    private long idOf(Payload key) {
        if (lanes == 1) {
            return 0;
        }
        if (key.isNull()) {
            nextKeyless = (nextKeyless + 1) % lanes;
            return nextKeyless;
        }
        return Long.remainderUnsigned(hash64(key.bytes()), lanes);
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
