package io.millrace.engine.app;

import org.apache.kafka.common.Uuid;

/**
 * What a topic was like when a trigger that needs it started.
 *
 * @param role what the trigger needs it for, in words
 */
record TopicFacts(String role, Uuid id, int partitions) {
    /** A topic that Kafka Streams is going to make. */
    static TopicFacts expected(String role) {
        return new TopicFacts(role, Uuid.ZERO_UUID, 0);
    }

    boolean isExpected() {
        return partitions == 0;
    }
}
