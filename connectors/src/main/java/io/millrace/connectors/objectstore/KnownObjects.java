package io.millrace.connectors.objectstore;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * The objects that were told of, in chunks by key range; each chunk is one source partition.
 *
 * <p>Guarantees: every change is one write of one chunk, and every prefix of the writes, read
 * again, is the state after the change of its last write. That holds when only a prefix of the
 * writes of each single chunk was stored, too; then the writes that are missing are missing, and
 * nothing else.
 *
 * <p>Memory: about 8 bytes an object and what its key does not share with the key before it.
 *
 * <p>Threading: the task thread only.
 */
final class KnownObjects {
    /*
     * Ranges: in memory the chunks cover the key space once. A chunk gets a new generation, greater
     * than all before it, whenever it takes over a part of the key space: when it is carved out of
     * another one, or absorbs a neighbour. The greater generation tells, so the change needs no
     * second write. What a carved chunk took stays in the writes of the chunk it came from until it
     * is stored. Objects move from a chunk to another one only when nothing of theirs is under way:
     * otherwise the one's write could tell that an object is known whose event, the other's, is
     * lost. So a chunk may have to grow for a while. The number of an absorbed chunk is used again
     * only when the absorbing one is stored.
     */
    private final ChunkLimits limits;
    private final NavigableMap<ObjectKey, KnownChunk> chunks;
    private final Map<Integer, KnownChunk> byNumber = new HashMap<>();
    private final NavigableSet<Integer> freeNumbers = new TreeSet<>();
    private long nextGeneration;
    private int nextNumber;
    private long size;

    KnownObjects(ChunkLimits limits, List<ChunkContent> stored) {
        this.limits = limits;
        this.chunks = ChunkTiling.of(stored);
        this.nextGeneration = ChunkTiling.nextGeneration(stored) + 1;
        this.nextNumber = stored.stream().mapToInt(ChunkContent::number).max().orElse(-1) + 1;
        for (KnownChunk chunk : chunks.values()) {
            size += chunk.objects().size();
            if (chunk.isNumbered()) {
                byNumber.put(chunk.number(), chunk);
            }
        }
        for (int number = 0; number < nextNumber; number++) {
            if (!byNumber.containsKey(number)) {
                freeNumbers.add(number);
            }
        }
    }

    /** Number of known objects. */
    long size() {
        return size;
    }

    /** A listing begins: no object was shown yet. */
    void beginListing() {
        chunks.values().forEach(KnownChunk::clearSeen);
    }

    /**
     * The keys whose object is not known in this state, each with whether it is known at all. The
     * known ones count as shown.
     */
    Map<ObjectKey, Boolean> differences(SortedMap<ObjectKey, Long> listed) {
        Map<ObjectKey, Boolean> differences = new HashMap<>();
        if (listed.isEmpty()) {
            return differences;
        }
        KnownChunk chunk = chunkOf(listed.firstKey());
        List<KnownObject> objects = chunk.objects().unpack();
        int index = 0;
        for (Map.Entry<ObjectKey, Long> each : listed.entrySet()) {
            ObjectKey key = each.getKey();
            if (!key.isBefore(chunk.end())) {
                chunk = chunkOf(key);
                objects = chunk.objects().unpack();
                index = 0;
            }
            while (index < objects.size() && objects.get(index).key().isBefore(key)) {
                index++;
            }
            boolean known = index < objects.size() && objects.get(index).key().equals(key);
            if (known) {
                chunk.see(index);
            }
            if (!known || objects.get(index).state() != each.getValue()) {
                differences.put(key, known);
            }
        }
        return differences;
    }

    /** Whether the chunk of a key is too large, and has to wait before it can be split. */
    boolean isCrowded(ObjectKey key) {
        KnownChunk chunk = chunkOf(key);
        return !chunk.isIdle() && limits.areFarExceededBy(chunk.objects());
    }

    /** Makes an object known in a state, and shown; the write stores it. */
    ChunkContent put(ObjectKey key, long state) {
        return write(note(key, state));
    }

    /** Makes an object known; stored with the next write of its chunk. */
    void putUnwritten(ObjectKey key, long state) {
        note(key, state);
    }

    /** Makes an object unknown; the write stores it. */
    ChunkContent remove(ObjectKey key) {
        return write(drop(key));
    }

    /** Makes an object unknown; stored with the next write of its chunk. */
    void removeUnwritten(ObjectKey key) {
        drop(key);
    }

    /** Known objects behind a key that the listing did not show, in order, not more than that. */
    List<KnownObject> unseenBehind(ObjectKey behind, int atMost) {
        List<KnownObject> unseen = new ArrayList<>();
        for (KnownChunk chunk : chunks.tailMap(chunkOf(behind).first(), true).values()) {
            if (!chunk.areAllSeen()) {
                List<KnownObject> objects = chunk.objects().unpack();
                for (int i = 0; i < objects.size() && unseen.size() < atMost; i++) {
                    if (!chunk.isSeen(i) && behind.isBefore(objects.get(i).key())) {
                        unseen.add(objects.get(i));
                    }
                }
            }
            if (unseen.size() >= atMost) {
                break;
            }
        }
        return unseen;
    }

    /** The worker is done with a write of a chunk: it is stored, or was dropped. */
    void acknowledged(int number, boolean delivered) {
        KnownChunk chunk = byNumber.get(number);
        if (chunk != null) {
            for (KnownChunk free : chunk.acknowledged(delivered)) {
                byNumber.remove(free.number());
                freeNumbers.add(free.number());
            }
        }
    }

    private KnownChunk chunkOf(ObjectKey key) {
        return chunks.floorEntry(key).getValue();
    }

    private ChunkContent write(KnownChunk chunk) {
        absorbNeighbours(chunk);
        if (!chunk.isNumbered()) {
            Integer free = freeNumbers.pollFirst();
            chunk.setNumber(free == null ? nextNumber++ : free);
            byNumber.put(chunk.number(), chunk);
        }
        return chunk.write();
    }

    private KnownChunk note(ObjectKey key, long state) {
        KnownChunk chunk = chunkOf(key);
        KnownObject object = new KnownObject(key, state);
        Optional<Long> before = Optional.empty();
        if (chunk.objects().endsBefore(key)) {
            chunk.append(object);
            size++;
        } else {
            List<KnownObject> objects = chunk.objects().unpack();
            int index = indexOf(objects, key);
            BitSet seen = chunk.seen();
            if (index >= 0) {
                before = Optional.of(objects.set(index, object).state());
                seen.set(index);
            } else {
                int place = -index - 1;
                objects.add(place, object);
                seen = shifted(seen, place, 1);
                seen.set(place);
                size++;
            }
            chunk.replace(PackedObjects.of(objects), seen);
        }
        return limits.areExceededBy(chunk.objects()) ? split(chunk, key, before) : chunk;
    }

    private KnownChunk drop(ObjectKey key) {
        KnownChunk chunk = chunkOf(key);
        List<KnownObject> objects = chunk.objects().unpack();
        int index = indexOf(objects, key);
        if (index >= 0) {
            objects.remove(index);
            chunk.noteRemoval();
            chunk.replace(PackedObjects.of(objects), shifted(chunk.seen(), index, -1));
            size--;
        }
        return chunk;
    }

    /**
     * Splits so that the key is in a new chunk, and gives that one; or the same one, if what is
     * under way must not move.
     */
    private KnownChunk split(KnownChunk chunk, ObjectKey key, Optional<Long> before) {
        List<KnownObject> objects = chunk.objects().unpack();
        ObjectKey middle = objects.get(objects.size() / 2).key();
        KnownChunk carved;
        boolean atEnd = objects.get(objects.size() - 1).key().equals(key);
        if (atEnd && chunk.mayGiveEnd() && !key.equals(chunk.first())) {
            // At the end the new chunk has one object, so that ascending keys fill chunks.
            carved = chunk.carveUpper(key, nextGeneration++);
        } else if (!chunk.isIdle()) {
            return chunk;
        } else if (!key.isBefore(middle)) {
            carved = chunk.carveUpper(middle, nextGeneration++);
        } else if (chunk.isSettled()) {
            carved = chunk.carveLower(middle, nextGeneration++);
            chunks.remove(carved.first());
            chunks.put(chunk.first(), chunk);
        } else if (!key.equals(chunk.first())) {
            carved = chunk.carveUpper(key, nextGeneration++);
        } else {
            return chunk;
        }
        chunk.keepAsBefore(key, before);
        chunks.put(carved.first(), carved);
        return carved;
    }

    private void absorbNeighbours(KnownChunk chunk) {
        absorb(chunk, chunks.higherEntry(chunk.first()));
        absorb(chunk, chunks.lowerEntry(chunk.first()));
    }

    private void absorb(KnownChunk chunk, Map.Entry<ObjectKey, KnownChunk> neighbour) {
        // The first absorbed neighbour makes the chunk one that is not stored, so there is no
        // other.
        if (neighbour == null
                || !chunk.isSettled()
                || !neighbour.getValue().isSettled()
                || !limits.letMerge(chunk.objects(), neighbour.getValue().objects())) {
            return;
        }
        chunks.remove(neighbour.getKey());
        chunks.remove(chunk.first());
        chunk.absorb(neighbour.getValue(), nextGeneration++);
        chunks.put(chunk.first(), chunk);
    }

    private static int indexOf(List<KnownObject> objects, ObjectKey key) {
        return Collections.binarySearch(
                objects, new KnownObject(key, 0), Comparator.comparing(KnownObject::key));
    }

    /** The marks with one place more or less at an index. */
    private static BitSet shifted(BitSet marks, int place, int by) {
        BitSet shifted = marks.get(0, place);
        int from = by < 0 ? place - by : place;
        marks.stream().filter(index -> index >= from).forEach(index -> shifted.set(index + by));
        return shifted;
    }
}
