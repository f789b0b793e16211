package io.millrace.connectors.objectstore;

import io.millrace.connectors.objectstore.ObjectChange.Kind;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an event tells of an object, wherever it is known from.
 *
 * @param size in bytes; 0 for a deleted object
 * @param eTag entity tag without quotes; empty if unknown
 * @param versionId empty if unknown
 * @param time when it happened, if known
 * @param identity what tells this change from every other one of the object
 */
record ObjectFacts(
        Kind kind,
        String bucket,
        String key,
        long size,
        String eTag,
        String versionId,
        Optional<Instant> time,
        String region,
        List<String> identity) {
    ObjectFacts {
        identity = List.copyOf(identity);
    }
}
