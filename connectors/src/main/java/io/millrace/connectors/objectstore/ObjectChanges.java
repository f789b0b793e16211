package io.millrace.connectors.objectstore;

import io.millrace.connectors.objectstore.ObjectChange.Kind;

import org.apache.kafka.connect.errors.ConnectException;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Tells which of the listed objects are new or changed since they were last told of, and which
 * known objects a listing did not show.
 *
 * <p>Guarantees: a state of an object is told of once, over restarts too, as long as Kafka Connect
 * keeps the offsets of what it delivered; a state that was told of but not delivered is told of
 * again by the next task.
 *
 * <p>Threading: the task thread only.
 */
final class ObjectChanges {
    private final ObjectStoreSourceConfig config;
    private final KnownObjects known;
    private final StartLine start;
    private final StateHash hash = new StateHash();

    ObjectChanges(ObjectStoreSourceConfig config, KnownObjects known, StartLine start) {
        this.config = config;
        this.known = known;
        this.start = start;
    }

    /** A listing begins. */
    void beginListing() {
        known.beginListing();
    }

    /** The changes among these objects, by key; they count as told of from here on. */
    Found among(List<StoredObject> listed) {
        NavigableMap<ObjectKey, StoredObject> objects = new TreeMap<>();
        NavigableMap<ObjectKey, Long> states = new TreeMap<>();
        for (StoredObject object : listed) {
            ObjectKey key = ObjectKey.of(object.key());
            objects.put(key, object);
            states.put(key, hash.of(object));
        }
        Map<ObjectKey, Boolean> differences = known.differences(states);
        List<ObjectChange> changes = new ArrayList<>();
        for (Map.Entry<ObjectKey, Long> each : states.entrySet()) {
            ObjectKey key = each.getKey();
            StoredObject object = objects.get(key);
            Boolean isKnown = differences.get(key);
            if (isKnown == null || object == null || !config.filter().wants(object)) {
                continue;
            }
            if (known.isCrowded(key)) {
                return new Found(changes, List.copyOf(objects.tailMap(key, true).values()));
            }
            change(key, object, each.getValue(), isKnown).ifPresent(changes::add);
        }
        return new Found(changes, List.of());
    }

    /**
     * @param rest objects that have to wait until the worker is done with what was told
     */
    record Found(List<ObjectChange> changes, List<StoredObject> rest) {
        Found {
            changes = List.copyOf(changes);
        }
    }

    /** Known objects behind a key that the listing did not show: candidates for deleted ones. */
    List<KnownObject> unseenBehind(ObjectKey behind, int atMost) {
        return known.unseenBehind(behind, atMost);
    }

    /** The object is gone; empty if that is no event. It is not known from here on. */
    Optional<ObjectChange> gone(KnownObject object) {
        String key = object.key().toString();
        if (!config.filter().tells(Kind.DELETED) || !config.filter().wantsKey(key)) {
            known.removeUnwritten(object.key());
            return Optional.empty();
        }
        return Optional.of(
                change(
                        Kind.DELETED,
                        new StoredObject(key, "", 0, Instant.EPOCH),
                        object.state(),
                        known.remove(object.key())));
    }

    /** The worker delivered an event, or dropped it on purpose. */
    void acknowledged(Map<String, ?> sourcePartition, boolean delivered) {
        ChunkContent.number(sourcePartition)
                .ifPresent(number -> known.acknowledged(number, delivered));
    }

    /** Number of known objects. */
    long knownObjects() {
        return known.size();
    }

    private Optional<ObjectChange> change(
            ObjectKey key, StoredObject object, long state, boolean isKnown) {
        Kind kind = isKnown ? Kind.OVERWRITTEN : Kind.CREATED;
        if (!isKnown && known.size() >= config.maxKnownObjects()) {
            throw new ConnectException(
                    "Bucket '"
                            + config.bucket()
                            + "' has more than "
                            + config.maxKnownObjects()
                            + " objects; raise "
                            + ObjectStoreSourceConfig.MAX_KNOWN
                            + " and the worker's memory, or use a connector for each of several"
                            + " prefixes");
        }
        if ((!isKnown && start.isBehind(object)) || !config.filter().tells(kind)) {
            known.putUnwritten(key, state);
            return Optional.empty();
        }
        return Optional.of(change(kind, object, state, known.put(key, state)));
    }

    private ObjectChange change(Kind kind, StoredObject object, long state, ChunkContent write) {
        return new ObjectChange(
                kind,
                object,
                state,
                ChunkContent.partition(config.bucket(), config.filter().prefix(), write.number()),
                write.toMap(start.toCarry()));
    }
}
