package io.millrace.connectors.objectstore;

import io.millrace.connectors.objectstore.ObjectChange.Kind;

import org.apache.kafka.connect.storage.OffsetStorageReader;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells which of the listed objects are new or changed since they were last told of.
 *
 * <p>Guarantees: a state of an object is told of once, over restarts too, as long as Kafka Connect
 * keeps the offset of what it delivered; a state that was told of but not delivered is told of
 * again by the next task. Memory is bounded: some bytes per unchanged object up to a maximum, and
 * the events that are under way up to another.
 *
 * <p>Threading: the task thread only.
 */
final class ObjectChanges {
    /*
     * Four places know an object, asked from the cheapest to the dearest:
     *
     * 1. the table of fingerprints: surely unchanged;
     * 2. what is under way: told of by this task, its offset perhaps not stored yet, so the
     *    offsets must not be asked;
     * 3. the stored source offsets, asked with one call per page: the truth;
     * 4. the start position, for objects without an offset.
     *
     * An object leaves (2) when its offset is seen in (3): the worker's callbacks do not tell
     * that in every mode, the stored offset does.
     */
    private static final int SETTLE_AT_ONCE = 1000;

    private final String bucket;
    private final OffsetStorageReader offsets;
    private final FingerprintTable unchanged;
    private final Map<String, StoredObject> underway = new LinkedHashMap<>();
    private final int maxUnderway;
    private final StartLine start;

    ObjectChanges(ObjectStoreSourceConfig config, OffsetStorageReader offsets, StartLine start) {
        this.bucket = config.bucket();
        this.offsets = offsets;
        this.unchanged = new FingerprintTable(config.maxKnownObjects());
        this.maxUnderway = config.maxUncommitted();
        this.start = start;
    }

    /** Whether so much is under way that nothing more may be told of for now. */
    boolean isFull() {
        return underway.size() >= maxUnderway;
    }

    /** The changes among these objects, in their order; they count as told of from here on. */
    List<ObjectChange> among(List<StoredObject> listed) {
        List<StoredObject> unknown = new ArrayList<>();
        for (StoredObject object : listed) {
            if (!unchanged.isUnchanged(object)
                    && !object.equals(underway.get(object.key()))
                    && !start.isCarrier(object)) {
                unknown.add(object);
            }
        }
        if (unknown.isEmpty()) {
            return List.of();
        }
        Map<Map<String, String>, Map<String, Object>> stored = stored(unknown);
        List<ObjectChange> changes = new ArrayList<>();
        for (StoredObject object : unknown) {
            change(object, known(object.key(), stored)).ifPresent(changes::add);
        }
        return changes;
    }

    /**
     * The worker dropped the event on purpose: no offset will be stored, and none is waited for.
     */
    void dropped(Map<String, ?> sourcePartition) {
        if (sourcePartition.get(ObjectStoreOffset.KEY) instanceof String key) {
            StoredObject object = underway.remove(key);
            if (object != null) {
                unchanged.remember(object);
            }
        } else {
            start.dropped().ifPresent(unchanged::remember);
        }
    }

    /** Lets go of what is under way as far as its offsets are stored. */
    void settle() {
        boolean all = true;
        while (all && !underway.isEmpty()) {
            List<StoredObject> oldest = underway.values().stream().limit(SETTLE_AT_ONCE).toList();
            Map<Map<String, String>, Map<String, Object>> stored = stored(oldest);
            for (StoredObject object : oldest) {
                boolean settled = stored(object.key(), stored).filter(object::equals).isPresent();
                if (settled) {
                    underway.remove(object.key());
                    unchanged.remember(object);
                }
                all &= settled;
            }
        }
    }

    /** A listing came to its end. */
    void endListing() {
        settle();
        unchanged.endListing();
    }

    /** Number of objects that need no look into the source offsets. */
    int knownObjects() {
        return unchanged.size();
    }

    private Optional<ObjectChange> change(StoredObject object, Optional<StoredObject> known) {
        if ((known.isEmpty() && start.isBehind(object))
                || known.filter(object::equals).isPresent()) {
            unchanged.remember(object);
            return Optional.empty();
        }
        Kind kind = known.isEmpty() ? Kind.CREATED : Kind.OVERWRITTEN;
        ObjectStoreOffset offset = new ObjectStoreOffset(object);
        Optional<Instant> since = start.toCarry(object);
        if (since.isPresent()) {
            return Optional.of(
                    new ObjectChange(
                            kind, object, start.sourcePartition(), offset.toMap(since.get())));
        }
        // Removed first: what is told of again goes to the end, where the newest offsets are.
        underway.remove(object.key());
        underway.put(object.key(), object);
        return Optional.of(
                new ObjectChange(
                        kind,
                        object,
                        ObjectStoreOffset.partition(bucket, object.key()),
                        offset.toMap()));
    }

    private Optional<StoredObject> known(
            String key, Map<Map<String, String>, Map<String, Object>> stored) {
        StoredObject told = underway.get(key);
        return told != null
                ? Optional.of(told)
                : stored(key, stored).or(() -> start.carrier().filter(c -> c.key().equals(key)));
    }

    private Optional<StoredObject> stored(
            String key, Map<Map<String, String>, Map<String, Object>> stored) {
        Map<String, Object> offset = stored.get(ObjectStoreOffset.partition(bucket, key));
        return offset == null
                ? Optional.empty()
                : ObjectStoreOffset.of(key, offset).map(ObjectStoreOffset::object);
    }

    private Map<Map<String, String>, Map<String, Object>> stored(Collection<StoredObject> objects) {
        return offsets.offsets(
                objects.stream()
                        .map(object -> ObjectStoreOffset.partition(bucket, object.key()))
                        .toList());
    }
}
