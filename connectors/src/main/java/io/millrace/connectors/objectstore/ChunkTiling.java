package io.millrace.connectors.objectstore;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Stored chunks -> chunks whose ranges cover the key space once: wherever ranges overlap, the
 * greatest generation tells.
 */
final class ChunkTiling {
    private record Piece(ChunkContent content, ObjectKey end) {}

    private final NavigableMap<ObjectKey, Piece> pieces = new TreeMap<>();
    private final NavigableMap<ObjectKey, KnownChunk> chunks = new TreeMap<>();
    private long generation;

    private ChunkTiling() {}

    /** The chunks by the first key of their ranges; at least one. */
    static NavigableMap<ObjectKey, KnownChunk> of(List<ChunkContent> stored) {
        ChunkTiling tiling = new ChunkTiling();
        stored.stream()
                .sorted(Comparator.comparingLong(ChunkContent::generation))
                .forEach(tiling::paint);
        tiling.generation = nextGeneration(stored);
        tiling.build();
        return tiling.chunks;
    }

    /** A generation that is greater than all of these and of the chunks made of them. */
    static long nextGeneration(List<ChunkContent> stored) {
        return stored.stream().mapToLong(ChunkContent::generation).max().orElse(0) + 1;
    }

    private void paint(ChunkContent content) {
        ObjectKey first = content.first();
        ObjectKey end = content.end();
        Map.Entry<ObjectKey, Piece> before = pieces.lowerEntry(first);
        if (before != null && first.isBefore(before.getValue().end())) {
            Piece cut = before.getValue();
            pieces.put(before.getKey(), new Piece(cut.content(), first));
            if (end.isBefore(cut.end())) {
                pieces.put(end, cut);
            }
        }
        NavigableMap<ObjectKey, Piece> inside = pieces.subMap(first, true, end, false);
        if (!inside.isEmpty()) {
            Piece last = inside.lastEntry().getValue();
            inside.clear();
            if (end.isBefore(last.end())) {
                pieces.put(end, last);
            }
        }
        pieces.put(first, new Piece(content, end));
    }

    private void build() {
        if (pieces.isEmpty() || ObjectKey.FIRST.isBefore(pieces.firstKey())) {
            ObjectKey end = pieces.isEmpty() ? ObjectKey.END : pieces.firstKey();
            add(new KnownChunk(generation, ObjectKey.FIRST, end, PackedObjects.EMPTY));
        }
        Map<Integer, KnownChunk> owners = new TreeMap<>();
        List<KnownChunk> torn = new ArrayList<>();
        Map<Integer, ChunkContent> contents = new TreeMap<>();
        for (Map.Entry<ObjectKey, Piece> each : pieces.entrySet()) {
            ChunkContent content = each.getValue().content();
            // Where nothing was stored, nothing is known: the chunk before reaches over it.
            ObjectKey next = pieces.higherKey(each.getKey());
            ObjectKey end = next == null ? ObjectKey.END : next;
            KnownChunk owner = owners.get(content.number());
            if (owner == null) {
                KnownChunk chunk = KnownChunk.stored(content, each.getKey(), end);
                owners.put(content.number(), chunk);
                contents.put(content.number(), content);
                add(chunk);
            } else {
                // The rest of a chunk that another one covers in the middle.
                KnownChunk rest =
                        new KnownChunk(
                                generation,
                                each.getKey(),
                                end,
                                KnownChunk.part(content.objects().unpack(), each.getKey(), end));
                owner.adopt(rest);
                torn.add(owner);
                add(rest);
            }
        }
        Set<KnownChunk> declared = new HashSet<>(torn);
        for (KnownChunk chunk : declared) {
            ChunkContent content = contents.get(chunk.number());
            if (content != null) {
                chunk.declare(content);
            }
        }
    }

    private void add(KnownChunk chunk) {
        chunks.put(chunk.first(), chunk);
    }
}
