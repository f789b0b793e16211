package io.millrace.connectors.objectstore;

import java.util.Map;

/**
 * One event to be: what happened to which object, and the place that makes it known.
 *
 * @param sourcePartition of Kafka Connect
 * @param sourceOffset of Kafka Connect; stored together with the event
 */
record ObjectChange(
        Kind kind,
        StoredObject object,
        Map<String, String> sourcePartition,
        Map<String, Object> sourceOffset) {

    /** What happened to an object. */
    enum Kind {
        /** The object was not known. */
        CREATED,
        /** The object was known with another entity tag, size or time. */
        OVERWRITTEN
    }
}
