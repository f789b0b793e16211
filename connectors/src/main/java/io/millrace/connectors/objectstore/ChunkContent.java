package io.millrace.connectors.objectstore;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One write of a chunk: every known object whose key is in a range; and both directions between it
 * and Connect's maps.
 *
 * <p>The source partition is {bucket, prefix, chunk}, where chunk is a number; the source offset is
 * {format, generation, first, end, count, objects} and, with {@code objectstore.start=now}, since:
 * the time from which on objects count.
 *
 * @param generation of two chunks with a key in their ranges, the one with the greater generation
 *     tells of it
 * @param first where the range begins
 * @param end the first key behind the range
 */
record ChunkContent(
        int number, long generation, ObjectKey first, ObjectKey end, PackedObjects objects) {
    static final String BUCKET = "bucket";
    static final String PREFIX = "prefix";
    static final String CHUNK = "chunk";
    static final String FORMAT = "format";
    static final String GENERATION = "generation";
    static final String FIRST = "first";
    static final String END = "end";
    static final String COUNT = "count";
    static final String OBJECTS = "objects";
    static final String SINCE = "since";

    private static final long FORMAT_1 = 1;

    /** The source partition of a chunk. */
    static Map<String, String> partition(String bucket, String prefix, int number) {
        // Connect finds an offset by the bytes of its source partition, so the order of the fields
        // must be the same in every process; that of Map.of is not.
        Map<String, String> partition = new LinkedHashMap<>();
        partition.put(BUCKET, bucket);
        partition.put(PREFIX, prefix);
        partition.put(CHUNK, Integer.toString(number));
        return Collections.unmodifiableMap(partition);
    }

    /** The number of the chunk that a source partition names. */
    static Optional<Integer> number(Map<String, ?> partition) {
        try {
            return partition.get(CHUNK) instanceof String text
                    ? Optional.of(Integer.valueOf(text)).filter(number -> number >= 0)
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The source offset. */
    Map<String, Object> toMap(Optional<Instant> since) {
        Map<String, Object> offset = new LinkedHashMap<>();
        offset.put(FORMAT, FORMAT_1);
        offset.put(GENERATION, generation);
        offset.put(FIRST, first.toString());
        if (!end.equals(ObjectKey.END)) {
            offset.put(END, end.toString());
        }
        offset.put(COUNT, (long) objects.size());
        offset.put(OBJECTS, objects.toText());
        since.ifPresent(time -> offset.put(SINCE, time.toEpochMilli()));
        return offset;
    }

    /** Reads a source offset; empty if it is not one of ours. */
    static Optional<ChunkContent> of(int number, Map<String, ?> offset) {
        if (offset.get(FORMAT) instanceof Number format
                && format.longValue() == FORMAT_1
                && offset.get(GENERATION) instanceof Number generation
                && offset.get(FIRST) instanceof String first
                && offset.get(COUNT) instanceof Number count
                && offset.get(OBJECTS) instanceof String text) {
            ObjectKey end =
                    offset.get(END) instanceof String key ? ObjectKey.of(key) : ObjectKey.END;
            return PackedObjects.ofText(text, count.longValue())
                    .filter(objects -> ObjectKey.of(first).isBefore(end))
                    .map(objects ->
                            new ChunkContent(
                                    number,
                                    generation.longValue(),
                                    ObjectKey.of(first),
                                    end,
                                    objects));
        }
        return Optional.empty();
    }

    /** The time from which on objects count, out of the source offset of any chunk. */
    static Optional<Instant> since(Map<String, ?> offset) {
        return offset.get(SINCE) instanceof Number millis
                ? Optional.of(Instant.ofEpochMilli(millis.longValue()))
                : Optional.empty();
    }

    /** What is wrong with a pair that an operator wants to set; empty if nothing is. */
    static Optional<String> fault(Map<String, ?> partition, Map<String, ?> offset) {
        if (!(partition.get(BUCKET) instanceof String)
                || !(partition.get(PREFIX) instanceof String)
                || number(partition).isEmpty()) {
            return Optional.of(
                    "the source partition needs texts 'bucket' and 'prefix' and a number of a"
                            + " chunk as the text 'chunk'");
        }
        return of(0, offset).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "the source offset needs format 1, a number 'generation', texts 'first'"
                                + " and, if the range ends, 'end', and in 'objects' as many packed"
                                + " objects as 'count' says; copy it from a chunk that was read");
    }
}
