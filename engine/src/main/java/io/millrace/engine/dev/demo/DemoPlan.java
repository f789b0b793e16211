package io.millrace.engine.dev.demo;

import io.millrace.engine.dev.DevDeployment;
import io.millrace.engine.manifest.Manifest;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.Trigger;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where to look: the buckets and topics of the example's manifest.
 *
 * @param notifications topic of the on-success destination
 */
record DemoPlan(
        String photosBucket,
        String thumbnailsBucket,
        String events,
        String results,
        String deadLetters,
        Optional<String> notifications,
        String metering) {
    static DemoPlan of(Manifest manifest, String metering) {
        Manifest.Source source = first(manifest, "source", manifest.sources());
        Trigger trigger = first(manifest, "trigger", manifest.triggers());
        String photos = first(manifest, "bucket", DevDeployment.sourceBuckets(source));
        return new DemoPlan(
                photos,
                first(
                        manifest,
                        "bucket for thumbnails",
                        DevDeployment.functionBuckets(manifest).stream()
                                .filter(bucket -> !bucket.equals(photos))
                                .toList()),
                source.topic(),
                trigger.destinations().results(),
                trigger.destinations().deadLetters(),
                trigger.destinations().onSuccess(),
                metering);
    }

    Set<String> topics() {
        Set<String> topics = new TreeSet<>(Set.of(events, results, deadLetters, metering));
        notifications.ifPresent(topics::add);
        return topics;
    }

    private static <T> T first(Manifest manifest, String what, List<T> found) {
        if (found.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.INVALID,
                    "manifest '" + manifest.file() + "' of the demonstration has no " + what);
        }
        return found.getFirst();
    }
}
