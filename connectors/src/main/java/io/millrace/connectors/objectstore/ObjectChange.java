package io.millrace.connectors.objectstore;

import java.util.Map;

/**
 * One event to be: what happened to which object, and the place that makes it known.
 *
 * @param object in its new state; of a deleted one only the key
 * @param state hash of the state that is told of; of a deleted object that of its last known state
 * @param sourcePartition of Kafka Connect
 * @param sourceOffset of Kafka Connect; stored together with the event
 */
record ObjectChange(
        Kind kind,
        StoredObject object,
        long state,
        Map<String, String> sourcePartition,
        Map<String, Object> sourceOffset) {

    /** What happened to an object. */
    enum Kind {
        /** The object was not known. */
        CREATED,
        /** The object was known with another entity tag, size or time. */
        OVERWRITTEN,
        /** The object was known and is gone. */
        DELETED
    }
}
