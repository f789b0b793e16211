package io.millrace.engine.app;

import io.millrace.engine.delivery.ParkingLimits;
import io.millrace.engine.topology.InvocationTopology;

import java.util.Map;

/**
 * What was found before a trigger's application starts.
 *
 * @param limits largest record in bytes that each target topic takes
 * @param topics the topics it needs, by name
 * @param partitions of the source topic
 * @param parking with the largest event that the source topic can hold
 * @param appendTimes whether the broker sets the timestamps of the source topic
 */
record Prepared(
        Map<String, Integer> limits,
        Map<String, TopicFacts> topics,
        int partitions,
        ParkingLimits parking,
        boolean appendTimes) {
    Prepared {
        limits = Map.copyOf(limits);
        topics = Map.copyOf(topics);
    }

    int largestRecord() {
        int outcome = limits.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
        return Math.max(outcome, parking.maxEventBytes() + InvocationTopology.PARKED_ENVELOPE);
    }
}
