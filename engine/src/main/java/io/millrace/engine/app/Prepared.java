package io.millrace.engine.app;

import java.util.Map;

/**
 * What was found before a trigger's application starts.
 *
 * @param limits largest record in bytes that each target topic takes
 * @param topics the topics it needs, by name
 * @param partitions of the source topic
 */
record Prepared(Map<String, Integer> limits, Map<String, TopicFacts> topics, int partitions) {
    Prepared {
        limits = Map.copyOf(limits);
        topics = Map.copyOf(topics);
    }

    int largestRecord() {
        return limits.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
    }
}
