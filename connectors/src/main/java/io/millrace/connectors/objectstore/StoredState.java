package io.millrace.connectors.objectstore;

import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.storage.OffsetStorageReader;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What earlier tasks stored in the source offsets.
 *
 * @param since the time from which on objects count, where the offsets carry one
 */
record StoredState(List<ChunkContent> chunks, Optional<Instant> since) {
    /*
     * Numbers of chunks are given without gaps, and only writes that were never stored leave some:
     * far fewer than one look takes.
     */
    private static final int AT_ONCE = 512;

    StoredState {
        chunks = List.copyOf(chunks);
    }

    /**
     * Reads all chunks.
     *
     * @throws ConnectException an offset is not one of this connector's
     */
    static StoredState read(ObjectStoreSourceConfig config, OffsetStorageReader offsets) {
        String prefix = config.filter().prefix();
        List<ChunkContent> chunks = new ArrayList<>();
        Optional<Instant> since = Optional.empty();
        Map<Map<String, String>, Map<String, Object>> found;
        int from = 0;
        do {
            found =
                    offsets.offsets(
                            IntStream.range(from, from + AT_ONCE)
                                    .mapToObj(number ->
                                            ChunkContent.partition(config.bucket(), prefix, number))
                                    .toList());
            for (Map.Entry<Map<String, String>, Map<String, Object>> each : found.entrySet()) {
                if (each.getValue() != null) {
                    chunks.add(chunk(each.getKey(), each.getValue()));
                    since = since.or(() -> ChunkContent.since(each.getValue()));
                }
            }
            from += AT_ONCE;
        } while (found.values().stream().anyMatch(offset -> offset != null));
        return new StoredState(chunks, since);
    }

    /**
     * Refuses to go on over the source offsets of a connector that kept one per object: it would
     * tell of every object again.
     */
    static void refuseOneOffsetPerObject(
            String bucket, List<StoredObject> objects, OffsetStorageReader offsets) {
        List<Map<String, String>> partitions =
                objects.stream().map(object -> onePerObject(bucket, object.key())).toList();
        boolean any =
                offsets.offsets(partitions).values().stream().anyMatch(offset -> offset != null);
        if (any) {
            throw new ConnectException(
                    "The source offsets of bucket '"
                            + bucket
                            + "' are one per object, as an earlier version of this connector kept"
                            + " them; this version keeps them by key range and cannot go on over"
                            + " them. Stop the connector and delete its offsets (DELETE"
                            + " /connectors/<name>/offsets), or use another connector name; set"
                            + " objectstore.start to say from when on objects become events");
        }
    }

    private static Map<String, String> onePerObject(String bucket, String key) {
        Map<String, String> partition = new LinkedHashMap<>();
        partition.put("bucket", bucket);
        partition.put("key", key);
        return partition;
    }

    private static ChunkContent chunk(Map<String, String> partition, Map<String, Object> offset) {
        return ChunkContent.number(partition)
                .flatMap(number -> ChunkContent.of(number, offset))
                .orElseThrow(() ->
                        new ConnectException(
                                "The source offset of '"
                                        + partition
                                        + "' cannot be read: "
                                        + ChunkContent.fault(partition, offset).orElse("")
                                        + ". Was it written by a later version of this"
                                        + " connector?"));
    }
}
