package io.millrace.connectors.objectstore;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One object as a listing told of it.
 *
 * @param eTag entity tag without quotes; empty if the store gave none
 * @param lastModified in milliseconds, because that is what a source offset keeps
 */
record StoredObject(String key, String eTag, long size, Instant lastModified) {
    StoredObject {
        lastModified = lastModified.truncatedTo(ChronoUnit.MILLIS);
    }

    /** Whether this is a folder that some tool drew into the key space: an empty object "a/b/". */
    boolean isDirectoryMarker() {
        return size == 0 && key.endsWith("/");
    }
}
