package io.millrace.connectors.objectstore;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * The known objects of one key range, and how far Kafka Connect has stored them.
 *
 * <p>Threading: the task thread only.
 */
final class KnownChunk {
    /*
     * A chunk that was carved out of this one and is not stored yet is an open child. Until it is
     * stored, writes of this chunk go on to declare the range they declared before, with the
     * objects that were in it then ("below" and "above"): if the child's write is lost, nothing
     * is. If it is not lost, its greater generation hides them.
     */
    private static final int NO_NUMBER = -1;

    private long generation;
    private ObjectKey first;
    private ObjectKey end;
    private PackedObjects objects;
    private BitSet seen = new BitSet();
    private int number = NO_NUMBER;

    private ObjectKey declaredFirst;
    private ObjectKey declaredEnd;
    private PackedObjects below = PackedObjects.EMPTY;
    private PackedObjects above = PackedObjects.EMPTY;
    private int openChildren;
    private @Nullable KnownChunk parent;

    private boolean stored;
    private int underWay;
    private boolean anyDelivered;
    private boolean removalUnderWay;
    private List<KnownChunk> absorbed = List.of();

    /** A chunk that is not stored yet. */
    KnownChunk(long generation, ObjectKey first, ObjectKey end, PackedObjects objects) {
        this.generation = generation;
        this.first = first;
        this.end = end;
        this.declaredFirst = first;
        this.declaredEnd = end;
        this.objects = objects;
    }

    /** A stored chunk, of which only the part of a range tells. */
    static KnownChunk stored(ChunkContent content, ObjectKey first, ObjectKey end) {
        KnownChunk chunk =
                new KnownChunk(
                        content.generation(),
                        first,
                        end,
                        part(content.objects().unpack(), first, end));
        chunk.number = content.number();
        chunk.stored = true;
        return chunk;
    }

    /** The objects of a range. */
    static PackedObjects part(List<KnownObject> objects, ObjectKey first, ObjectKey end) {
        return PackedObjects.of(
                objects.stream()
                        .filter(each -> !each.key().isBefore(first) && each.key().isBefore(end))
                        .toList());
    }

    ObjectKey first() {
        return first;
    }

    ObjectKey end() {
        return end;
    }

    PackedObjects objects() {
        return objects;
    }

    int number() {
        return number;
    }

    boolean isNumbered() {
        return number != NO_NUMBER;
    }

    void setNumber(int newNumber) {
        number = newNumber;
    }

    /** Whether the places of this chunk's objects may change at both ends by one write. */
    boolean isSettled() {
        return stored && underWay == 0 && openChildren == 0;
    }

    boolean isIdle() {
        return underWay == 0;
    }

    /** An object was taken out; its write may be under way until the chunk is idle. */
    void noteRemoval() {
        removalUnderWay = true;
    }

    /** Whether the end of the range may go to another chunk while writes are under way. */
    boolean mayGiveEnd() {
        return underWay == 0 || !removalUnderWay;
    }

    /** All its objects with their marks, new; every listed object must be in the range. */
    void replace(PackedObjects newObjects, BitSet newSeen) {
        objects = newObjects;
        seen = newSeen;
    }

    void append(KnownObject object) {
        seen.set(objects.size());
        objects = objects.append(object);
    }

    boolean isSeen(int index) {
        return seen.get(index);
    }

    boolean areAllSeen() {
        return seen.cardinality() >= objects.size();
    }

    void see(int index) {
        seen.set(index);
    }

    void clearSeen() {
        seen.clear();
    }

    BitSet seen() {
        return seen;
    }

    /** Takes the objects from a key on out of this chunk, into a new one. */
    KnownChunk carveUpper(ObjectKey from, long newGeneration) {
        List<KnownObject> all = objects.unpack();
        int index = indexFrom(all, from);
        KnownChunk upper =
                new KnownChunk(
                        newGeneration, from, end, PackedObjects.of(all.subList(index, all.size())));
        upper.seen = seen.get(index, all.size());
        List<KnownObject> kept = new ArrayList<>(all.subList(index, all.size()));
        kept.addAll(above.unpack());
        above = PackedObjects.of(kept);
        objects = PackedObjects.of(all.subList(0, index));
        seen.clear(index, all.size());
        end = from;
        adopt(upper);
        return upper;
    }

    /** Takes the objects before a key out of this settled chunk, into a new one. */
    KnownChunk carveLower(ObjectKey to, long newGeneration) {
        List<KnownObject> all = objects.unpack();
        int index = indexFrom(all, to);
        KnownChunk lower =
                new KnownChunk(newGeneration, first, to, PackedObjects.of(all.subList(0, index)));
        lower.seen = seen.get(0, index);
        below = lower.objects;
        objects = PackedObjects.of(all.subList(index, all.size()));
        seen = seen.get(index, all.size());
        first = to;
        adopt(lower);
        return lower;
    }

    /**
     * What an open child took stays in this chunk's writes without the change that the child's
     * write brings: if that is lost, the change must be told of again.
     */
    void keepAsBefore(ObjectKey changed, Optional<Long> state) {
        below = asBefore(below, changed, state);
        above = asBefore(above, changed, state);
    }

    private static PackedObjects asBefore(
            PackedObjects kept, ObjectKey changed, Optional<Long> state) {
        List<KnownObject> all = new ArrayList<>();
        for (KnownObject object : kept.unpack()) {
            if (!object.key().equals(changed)) {
                all.add(object);
            } else if (state.isPresent()) {
                all.add(new KnownObject(changed, state.get()));
            }
        }
        return PackedObjects.of(all);
    }

    /** Makes a chunk, which is not stored yet, one whose objects stay in this one's writes. */
    void adopt(KnownChunk child) {
        openChildren++;
        child.parent = this;
    }

    /** Writes declare this stored content until the open children are stored. */
    void declare(ChunkContent content) {
        declaredFirst = content.first();
        declaredEnd = content.end();
        List<KnownObject> all = content.objects().unpack();
        below = part(all, declaredFirst, first);
        above = part(all, end, declaredEnd);
    }

    /** Takes a settled neighbour's range and objects over; this chunk is settled, too. */
    void absorb(KnownChunk neighbour, long newGeneration) {
        boolean before = neighbour.first.isBefore(first);
        KnownChunk lower = before ? neighbour : this;
        KnownChunk upper = before ? this : neighbour;
        List<KnownObject> all = lower.objects.unpack();
        BitSet allSeen = (BitSet) lower.seen.clone();
        int shift = all.size();
        upper.seen.stream().forEach(index -> allSeen.set(shift + index));
        all.addAll(upper.objects.unpack());
        ObjectKey newFirst = lower.first;
        end = upper.end;
        first = newFirst;
        declaredFirst = first;
        declaredEnd = end;
        replace(PackedObjects.of(all), allSeen);
        generation = newGeneration;
        stored = false;
        absorbed = new ArrayList<>(absorbed);
        absorbed.add(neighbour);
    }

    /** What is to be stored; it is under way from here on. */
    ChunkContent write() {
        underWay++;
        if (openChildren == 0) {
            return new ChunkContent(number, generation, first, end, objects);
        }
        if (below.size() == 0 && above.size() == 0) {
            return new ChunkContent(number, generation, declaredFirst, declaredEnd, objects);
        }
        List<KnownObject> all = below.unpack();
        all.addAll(objects.unpack());
        all.addAll(above.unpack());
        return new ChunkContent(
                number, generation, declaredFirst, declaredEnd, PackedObjects.of(all));
    }

    /**
     * One write is no longer under way.
     *
     * @return the chunks that tell of nothing any more, now that this one is stored
     */
    List<KnownChunk> acknowledged(boolean delivered) {
        underWay = Math.max(0, underWay - 1);
        removalUnderWay &= underWay > 0;
        anyDelivered |= delivered;
        if (underWay > 0 || !anyDelivered) {
            return List.of();
        }
        anyDelivered = false;
        stored = true;
        if (parent != null) {
            parent.childStored();
            parent = null;
        }
        List<KnownChunk> free = absorbed;
        absorbed = List.of();
        return free;
    }

    private void childStored() {
        openChildren--;
        if (openChildren == 0) {
            declaredFirst = first;
            declaredEnd = end;
            below = PackedObjects.EMPTY;
            above = PackedObjects.EMPTY;
        }
    }

    private static int indexFrom(List<KnownObject> objects, ObjectKey from) {
        int index = 0;
        while (index < objects.size() && objects.get(index).key().isBefore(from)) {
            index++;
        }
        return index;
    }
}
