package io.millrace.engine.manifest;

import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.Trigger;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A function with its triggers and the sources of their events, as its manifest tells it; every
 * value is checked and every variable replaced.
 *
 * @param file where it was read from
 * @param code the package, not looked at yet
 * @param environment settings handed to the handler; may hold secrets, so {@link #toString} shows
 *     the names only
 */
public record Manifest(
        Path file,
        FunctionName function,
        String handler,
        Path code,
        Limits limits,
        String description,
        Map<String, String> environment,
        List<Trigger> triggers,
        List<Source> sources) {
    public Manifest {
        environment = Map.copyOf(environment);
        triggers = List.copyOf(triggers);
        sources = List.copyOf(sources);
    }

    /** Longest duration of one attempt, and the memory that is metered. */
    public record Limits(Duration timeout, int memoryMb) {}

    /**
     * A Kafka Connect source connector that writes events to a topic.
     *
     * @param name of the connector
     * @param topic it writes to
     * @param config everything Connect gets, class, name and topic included; may hold secrets, so
     *     {@link #toString} shows the names only
     */
    public record Source(
            String name, String topic, String connectorClass, Map<String, String> config) {
        /** What every source of ours calls the topic of what it cannot make an event of. */
        static final String DEAD_LETTER_TOPIC = "dead.letter.topic";

        public Source {
            config = Map.copyOf(config);
        }

        @Override
        public String toString() {
            return name + " " + connectorClass + " config=" + new TreeMap<>(config).keySet();
        }
    }

    /** The function with the digest that its code has in the code topic. */
    public FunctionSpec functionSpec(String codeSha256) {
        return new FunctionSpec(
                function,
                FunctionSpec.LATEST,
                handler,
                codeSha256,
                limits.timeout(),
                limits.memoryMb(),
                environment);
    }

    /** Every topic that events are read from or written to. */
    public Set<String> topics() {
        Set<String> topics = new TreeSet<>();
        for (Trigger trigger : triggers) {
            topics.add(trigger.sourceTopic());
            topics.addAll(trigger.destinations().topics());
        }
        for (Source source : sources) {
            topics.add(source.topic());
            String deadLetters = source.config().getOrDefault(Source.DEAD_LETTER_TOPIC, "");
            if (!deadLetters.isEmpty()) {
                // An exactly-once task waits in silence for a topic that is missing.
                topics.add(deadLetters);
            }
        }
        return topics;
    }

    @Override
    public String toString() {
        return function
                + " handler="
                + handler
                + " code="
                + code
                + " environment="
                + new TreeMap<>(environment).keySet()
                + " triggers="
                + triggers
                + " sources="
                + sources;
    }
}
