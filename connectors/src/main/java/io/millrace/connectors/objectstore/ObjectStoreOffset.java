package io.millrace.connectors.objectstore;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Kafka Connect keeps of one object, and both directions between it and Connect's maps.
 *
 * <p>There is one source partition per object, {bucket, key}, and its source offset is the state in
 * which the object was last told of: {eTag, size, lastModified}. With {@code objectstore.start=now}
 * there is one more, {bucket, prefix, start}: the time from which on objects count. Connect can
 * keep an offset only together with a record, so the first event carries it, and that offset holds
 * the event's object, too.
 */
record ObjectStoreOffset(StoredObject object) {
    static final String BUCKET = "bucket";
    static final String KEY = "key";
    static final String PREFIX = "prefix";
    static final String START = "start";
    static final String ETAG = "eTag";
    static final String SIZE = "size";
    static final String LAST_MODIFIED = "lastModified";
    static final String SINCE = "since";

    /** The source partition of one object. */
    static Map<String, String> partition(String bucket, String key) {
        return ordered(List.of(Map.entry(BUCKET, bucket), Map.entry(KEY, key)));
    }

    /** The source partition of the time from which on objects count. */
    static Map<String, String> startPartition(String bucket, String prefix) {
        return ordered(
                List.of(
                        Map.entry(BUCKET, bucket),
                        Map.entry(PREFIX, prefix),
                        Map.entry(START, "now")));
    }

    /**
     * Connect finds an offset by the bytes of its source partition, so the order of the fields must
     * be the same in every process; that of {@link Map#of} is not.
     */
    private static Map<String, String> ordered(List<Map.Entry<String, String>> fields) {
        Map<String, String> partition = new LinkedHashMap<>();
        fields.forEach(field -> partition.put(field.getKey(), field.getValue()));
        return Collections.unmodifiableMap(partition);
    }

    /** The source offset of the object. */
    Map<String, Object> toMap() {
        return Map.of(
                ETAG, object.eTag(),
                SIZE, object.size(),
                LAST_MODIFIED, object.lastModified().toEpochMilli());
    }

    /** The source offset of the time from which on objects count, carried by this object. */
    Map<String, Object> toMap(Instant since) {
        return Map.of(
                SINCE, since.toEpochMilli(),
                KEY, object.key(),
                ETAG, object.eTag(),
                SIZE, object.size(),
                LAST_MODIFIED, object.lastModified().toEpochMilli());
    }

    /** Reads a source offset; empty if it is not one of ours. */
    static Optional<ObjectStoreOffset> of(String key, Map<String, ?> offset) {
        if (offset.get(ETAG) instanceof String eTag
                && offset.get(SIZE) instanceof Number size
                && offset.get(LAST_MODIFIED) instanceof Number millis) {
            Instant lastModified = Instant.ofEpochMilli(millis.longValue());
            return Optional.of(
                    new ObjectStoreOffset(
                            new StoredObject(key, eTag, size.longValue(), lastModified)));
        }
        return Optional.empty();
    }

    /** The time from which on objects count, out of its own source offset. */
    static Optional<Instant> since(Map<String, ?> offset) {
        return offset.get(SINCE) instanceof Number millis
                ? Optional.of(Instant.ofEpochMilli(millis.longValue()))
                : Optional.empty();
    }

    /** The object that carried the time from which on objects count. */
    static Optional<ObjectStoreOffset> carrier(Map<String, ?> offset) {
        return offset.get(KEY) instanceof String key ? of(key, offset) : Optional.empty();
    }

    /** What is wrong with a pair that an operator wants to set; empty if nothing is. */
    static Optional<String> fault(Map<String, ?> partition, Map<String, ?> offset) {
        if (!(partition.get(BUCKET) instanceof String)) {
            return Optional.of("the source partition needs a text '" + BUCKET + "'");
        }
        if (partition.get(START) != null) {
            return since(offset).isPresent() && carrier(offset).isPresent()
                    ? Optional.empty()
                    : Optional.of(
                            "the source offset needs numbers '"
                                    + SINCE
                                    + "', 'size' and 'lastModified' and texts 'key' and 'eTag'");
        }
        if (!(partition.get(KEY) instanceof String key)) {
            return Optional.of("the source partition needs a text '" + KEY + "'");
        }
        return of(key, offset).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "the source offset needs a text 'eTag' and numbers 'size' and"
                                + " 'lastModified' (milliseconds)");
    }
}
