package io.millrace.connectors.objectstore;

/**
 * How large a chunk of known objects may grow before it is split. Every event carries the chunk
 * that holds its object, so a large chunk makes events dear, and a small one makes many source
 * partitions.
 *
 * @param bytes packed; long keys reach this first
 */
record ChunkLimits(int objects, int bytes) {
    static final ChunkLimits STANDARD = new ChunkLimits(256, 16_384);

    boolean areExceededBy(PackedObjects packed) {
        return packed.size() > objects || (packed.size() > 1 && packed.bytes() > bytes);
    }

    /** Whether a chunk that cannot be split for the moment must not grow any more. */
    boolean areFarExceededBy(PackedObjects packed) {
        return packed.size() > 2 * objects || (packed.size() > 2 && packed.bytes() > 2 * bytes);
    }

    /** Whether two chunks together are so small that they stay one for a while. */
    boolean letMerge(PackedObjects one, PackedObjects other) {
        return one.size() + other.size() <= objects / 2 && one.bytes() + other.bytes() <= bytes / 2;
    }
}
