package io.millrace.engine.model;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The topics that what came of an event is written to.
 *
 * @param results what the function returned
 * @param deadLetters events that failed for good, byte for byte
 * @param onSuccess a second topic for what the function returned, to notify others
 * @param onFailure a topic for records of what failed, in the form Lambda gives them (KAF-8)
 */
public record Destinations(
        String results,
        String deadLetters,
        Optional<String> onSuccess,
        Optional<String> onFailure) {
    public static Destinations of(String results, String deadLetters) {
        return new Destinations(results, deadLetters, Optional.empty(), Optional.empty());
    }

    /** Every topic, once. */
    public Set<String> topics() {
        var topics = new LinkedHashSet<String>();
        topics.add(results);
        topics.add(deadLetters);
        onSuccess.ifPresent(topics::add);
        onFailure.ifPresent(topics::add);
        return topics;
    }

    public Destinations withOnSuccess(String topic) {
        return new Destinations(results, deadLetters, Optional.of(topic), onFailure);
    }

    public Destinations withOnFailure(String topic) {
        return new Destinations(results, deadLetters, onSuccess, Optional.of(topic));
    }
}
