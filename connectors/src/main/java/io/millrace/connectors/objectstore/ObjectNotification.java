package io.millrace.connectors.objectstore;

import io.millrace.connectors.objectstore.ObjectChange.Kind;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a store told of one object.
 *
 * @param index place in the message, which may tell of several
 * @param sequencer hexadecimal; of two of the same object the greater one is later; empty if the
 *     store gives none
 */
record ObjectNotification(
        int index,
        Kind kind,
        String bucket,
        String key,
        long size,
        String eTag,
        String versionId,
        Optional<Instant> time,
        String sequencer,
        String region) {

    ObjectFacts facts() {
        return new ObjectFacts(
                kind,
                bucket,
                key,
                kind == Kind.DELETED ? 0 : size,
                kind == Kind.DELETED ? "" : eTag,
                versionId,
                time,
                region,
                List.of(
                        "notified",
                        kind.name(),
                        eTag,
                        versionId,
                        sequencer,
                        time.map(Instant::toString).orElse("")));
    }
}
