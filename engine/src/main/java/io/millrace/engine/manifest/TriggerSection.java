package io.millrace.engine.manifest;

import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.Destinations;
import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.StartingPosition;
import io.millrace.engine.model.TopicNames;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.model.ValueFormat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the triggers of a manifest. One thread. */
final class TriggerSection {
    private static final List<String> FIELDS =
            List.of(
                    "id",
                    "topic",
                    "lanes",
                    "max-concurrency",
                    "batch-size",
                    "retry",
                    "results",
                    "dead-letters",
                    "on-success",
                    "format",
                    "start");
    private static final List<String> RETRY_FIELDS =
            List.of("max-attempts", "first-delay", "max-delay");
    private static final int DEFAULT_LANES = 64;
    private static final int MAX_LANES = 65_536;
    private static final int DEFAULT_CONCURRENCY = 100;
    private static final int MAX_CONCURRENCY = 50_000;
    private static final int MAX_BATCH = 10_000;
    private static final Duration MAX_DELAY = Duration.ofHours(24);

    private final TopicNames names;
    private final FunctionName function;
    private final List<Manifest.Source> sources;

    TriggerSection(TopicNames names, FunctionName function, List<Manifest.Source> sources) {
        this.names = names;
        this.function = function;
        this.sources = sources;
    }

    List<Trigger> readAll(Section root) {
        List<Trigger> triggers = new ArrayList<>();
        Set<TriggerId> ids = new HashSet<>();
        for (Section section : root.sections("triggers", FIELDS)) {
            Trigger trigger = read(section);
            if (!ids.add(trigger.id())) {
                section.problem(
                        "id",
                        "trigger '"
                                + trigger.id()
                                + "' is there twice; give each one an 'id' of its own");
            }
            triggers.add(trigger);
        }
        return triggers;
    }

    private Trigger read(Section section) {
        String id = section.optional("id").orElse(function.value());
        String topic = sourceTopic(section);
        return new Trigger(
                section.checked("id", id, TriggerId::new).orElseGet(() -> new TriggerId("unknown")),
                topic,
                function,
                FunctionSpec.LATEST,
                section.number("lanes", DEFAULT_LANES, 1, MAX_LANES),
                section.number("max-concurrency", DEFAULT_CONCURRENCY, 1, MAX_CONCURRENCY),
                new BatchPolicy(section.number("batch-size", 1, 1, MAX_BATCH)),
                retry(section),
                destinations(section, topic),
                section.choice("format", ValueFormat.AUTO, ValueFormat.values()),
                section.choice("start", StartingPosition.EARLIEST, StartingPosition.values()),
                true);
    }

    /** A source's name stands for its topic. */
    private String sourceTopic(Section section) {
        String topic = TopicRule.checked(section, "topic", section.required("topic"));
        return sources.stream()
                .filter(source -> source.name().equals(topic))
                .map(Manifest.Source::topic)
                .findFirst()
                .orElse(topic);
    }

    private static RetryPolicy retry(Section trigger) {
        Optional<Section> found = trigger.section("retry", RETRY_FIELDS);
        if (found.isEmpty()) {
            return RetryPolicy.DEFAULT;
        }
        Section section = found.get();
        RetryPolicy fallback = RetryPolicy.DEFAULT;
        int attempts = section.number("max-attempts", fallback.maxAttempts(), 1, 10_000);
        Duration first =
                section.duration("first-delay", fallback.firstDelay(), Duration.ZERO, MAX_DELAY);
        Duration longest =
                section.duration(
                        "max-delay",
                        first.compareTo(fallback.maxDelay()) > 0 ? first : fallback.maxDelay(),
                        Duration.ZERO,
                        MAX_DELAY);
        if (longest.compareTo(first) < 0) {
            section.problem("max-delay", "'max-delay' is shorter than 'first-delay'");
            longest = first;
        }
        return new RetryPolicy(attempts, first, longest);
    }

    private Destinations destinations(Section section, String sourceTopic) {
        String results = destination(section, "results", sourceTopic).orElse(names.results());
        String deadLetters =
                destination(section, "dead-letters", sourceTopic).orElse(names.deadLetters());
        return new Destinations(
                results, deadLetters, destination(section, "on-success", sourceTopic));
    }

    private Optional<String> destination(Section section, String field, String sourceTopic) {
        Optional<String> topic = section.optional(field);
        if (topic.isEmpty()) {
            return topic;
        }
        String name = TopicRule.checked(section, field, topic.get());
        if (name.equals(sourceTopic)) {
            section.problem(
                    field,
                    "'"
                            + field
                            + "' is the topic '"
                            + name
                            + "' that the trigger reads; events would go round for ever");
        }
        Set<String> kept =
                Set.of(names.functions(), names.triggers(), names.code(), names.metering());
        if (kept.contains(name)) {
            section.problem(
                    field, "'" + field + "' is '" + name + "', a topic of the engine itself");
        }
        return topic;
    }
}
