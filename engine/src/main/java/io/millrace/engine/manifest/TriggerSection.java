package io.millrace.engine.manifest;

import io.millrace.engine.filter.EventFilter;
import io.millrace.engine.filter.EventKey;
import io.millrace.engine.model.Activity;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.BatchPolicy.PartialAnswer;
import io.millrace.engine.model.Destinations;
import io.millrace.engine.model.EventFormat;
import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.Guarantee;
import io.millrace.engine.model.Intake;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.LoadPolicy;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.StartingPosition;
import io.millrace.engine.model.TopicNames;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.model.ValueFormat;
import io.millrace.engine.model.WindowPolicy;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the triggers of a manifest. One thread. */
final class TriggerSection {
    private static final List<String> FIELDS =
            List.of(
                    "id",
                    "topic",
                    "format",
                    "event-format",
                    "start",
                    "filters",
                    "deduplication",
                    "order",
                    "lanes",
                    "batch-size",
                    "batching-window",
                    "partial-answer",
                    "tumbling-window",
                    "retry",
                    "max-concurrency",
                    "rate",
                    "breaker",
                    "results",
                    "dead-letters",
                    "on-success",
                    "on-failure",
                    "guarantee",
                    "enabled");
    private static final List<String> RETRY_FIELDS =
            List.of("max-attempts", "first-delay", "max-delay", "max-age", "bisect");
    private static final List<String> BREAKER_FIELDS =
            List.of("attempts", "failed-percent", "pause");
    private static final List<String> DEDUPLICATION_FIELDS = List.of("key", "window");
    private static final List<String> WINDOW_FIELDS = List.of("size", "grace");
    private static final int DEFAULT_LANES = 64;
    private static final int DEFAULT_CONCURRENCY = 100;
    private static final Duration MAX_DELAY = Duration.ofHours(24);

    private final TopicNames names;
    private final FunctionName function;
    private final List<Manifest.Source> sources;

    TriggerSection(TopicNames names, FunctionName function, List<Manifest.Source> sources) {
        this.names = names;
        this.function = function;
        this.sources = sources;
    }

    /** Every field of a trigger and of its parts. */
    static List<String> fields() {
        return Stream.of(FIELDS, RETRY_FIELDS, BREAKER_FIELDS, DEDUPLICATION_FIELDS, WINDOW_FIELDS)
                .flatMap(List::stream)
                .toList();
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
        LanePolicy lanes = lanes(section);
        Guarantee guarantee =
                section.choice("guarantee", Guarantee.EXACTLY_ONCE, Guarantee.values());
        EventFormat form = section.choice("event-format", EventFormat.RECORD, EventFormat.values());
        return new Trigger(
                section.checked("id", id, TriggerId::new).orElseGet(() -> new TriggerId("unknown")),
                topic,
                function,
                FunctionSpec.LATEST,
                intake(section, form),
                lanes,
                batch(section, lanes, guarantee, form),
                retry(section),
                load(section),
                destinations(section, topic),
                guarantee,
                section.flag("enabled", true) ? Activity.ENABLED : Activity.DISABLED);
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

    private static Intake intake(Section section, EventFormat form) {
        List<String> filters = section.list("filters");
        section.check("filters", () -> EventFilter.compile(filters));
        return new Intake(
                section.choice("format", ValueFormat.AUTO, ValueFormat.values()),
                form,
                start(section),
                filters.size() > Intake.MAX_FILTERS ? List.of() : filters,
                deduplication(section),
                Set.of());
    }

    private static StartingPosition start(Section section) {
        String text = section.optional("start").orElse("earliest").strip();
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "earliest" -> StartingPosition.EARLIEST;
            case "latest" -> StartingPosition.LATEST;
            default -> {
                try {
                    yield StartingPosition.at(Instant.parse(text));
                } catch (DateTimeParseException _) {
                    section.problem(
                            "start",
                            "'start' is '"
                                    + text
                                    + "'; allowed: earliest, latest, or a time such as"
                                    + " 2026-01-31T12:00:00Z");
                    yield StartingPosition.EARLIEST;
                }
            }
        };
    }

    private static Optional<Intake.Deduplication> deduplication(Section trigger) {
        return trigger.section("deduplication", DEDUPLICATION_FIELDS)
                .map(section -> {
                    String key = section.required("key");
                    section.check("key", () -> EventKey.parse(key));
                    return new Intake.Deduplication(
                            key,
                            section.duration(
                                    "window",
                                    Duration.ofMinutes(5),
                                    Duration.ofSeconds(1),
                                    Intake.Deduplication.MAX_WINDOW));
                });
    }

    private static LanePolicy lanes(Section section) {
        LanePolicy.Order order =
                section.choice("order", LanePolicy.Order.KEY, LanePolicy.Order.values());
        boolean perKey = section.optional("lanes").filter("key"::equals).isPresent();
        int lanes = perKey ? 0 : section.number("lanes", DEFAULT_LANES, 1, LanePolicy.MAX_LANES);
        return switch (order) {
            case KEY -> LanePolicy.byKey(lanes);
            case PARTITION -> LanePolicy.BY_PARTITION;
            case NONE -> LanePolicy.UNORDERED;
        };
    }

    private static BatchPolicy batch(
            Section section, LanePolicy lanes, Guarantee guarantee, EventFormat form) {
        Optional<WindowPolicy> windows = tumbling(section, lanes, guarantee);
        if (windows.isPresent() && !form.hasWindows()) {
            section.problem(
                    "event-format",
                    "'event-format' is '"
                            + form.name().toLowerCase(Locale.ROOT)
                            + "'; allowed with 'tumbling-window': record, kinesis, dynamodb");
        }
        int size = section.number("batch-size", 1, 1, BatchPolicy.MAX_EVENTS);
        if (size > 1 && form.isSingle()) {
            section.problem(
                    "batch-size",
                    "'batch-size' is '"
                            + size
                            + "'; allowed with 'event-format: "
                            + form.name().toLowerCase(Locale.ROOT)
                            + "': 1, since such an event has no place for more");
        }
        return new BatchPolicy(
                form.isSingle() ? 1 : size,
                section.duration(
                        "batching-window", Duration.ZERO, Duration.ZERO, BatchPolicy.MAX_WINDOW),
                section.choice("partial-answer", form.partialAnswer(lanes), PartialAnswer.values()),
                windows.filter(_ -> form.hasWindows()));
    }

    /** A state has one reader and one writer: one lane, and one transaction with the offsets. */
    private static Optional<WindowPolicy> tumbling(
            Section trigger, LanePolicy lanes, Guarantee guarantee) {
        Optional<Section> found = trigger.section("tumbling-window", WINDOW_FIELDS);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        if (lanes.order() != LanePolicy.Order.PARTITION) {
            trigger.problem(
                    "order",
                    "'order' is '"
                            + lanes.order().name().toLowerCase(Locale.ROOT)
                            + "'; allowed with 'tumbling-window': partition");
        }
        if (guarantee != Guarantee.EXACTLY_ONCE) {
            trigger.problem(
                    "guarantee",
                    "'guarantee' is '"
                            + guarantee.name().toLowerCase(Locale.ROOT)
                            + "'; allowed with 'tumbling-window': exactly_once");
        }
        Section section = found.get();
        if (section.optional("size").isEmpty()) {
            section.required("size");
        }
        return Optional.of(
                new WindowPolicy(
                        section.duration(
                                "size",
                                WindowPolicy.MIN_SIZE,
                                WindowPolicy.MIN_SIZE,
                                WindowPolicy.MAX_SIZE),
                        section.duration(
                                "grace",
                                WindowPolicy.DEFAULT_GRACE,
                                Duration.ZERO,
                                WindowPolicy.MAX_GRACE)));
    }

    private static RetryPolicy retry(Section trigger) {
        Optional<Section> found = trigger.section("retry", RETRY_FIELDS);
        if (found.isEmpty()) {
            return RetryPolicy.DEFAULT;
        }
        Section section = found.get();
        RetryPolicy fallback = RetryPolicy.DEFAULT;
        boolean endless = section.optional("max-attempts").filter("endless"::equals).isPresent();
        int attempts =
                endless
                        ? RetryPolicy.ENDLESS
                        : section.number(
                                "max-attempts",
                                fallback.maxAttempts(),
                                1,
                                RetryPolicy.MAX_ATTEMPTS);
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
        return new RetryPolicy(
                attempts,
                first,
                longest,
                section.optionalDuration("max-age", RetryPolicy.MIN_AGE, RetryPolicy.MAX_AGE),
                section.flag("bisect", false));
    }

    private static LoadPolicy load(Section section) {
        OptionalDouble rate =
                section.optional("rate").isPresent()
                        ? OptionalDouble.of(section.decimal("rate", 1, 0.001, 1e9))
                        : OptionalDouble.empty();
        return new LoadPolicy(
                section.number(
                        "max-concurrency", DEFAULT_CONCURRENCY, 1, LoadPolicy.MAX_CONCURRENCY),
                rate,
                section.section("breaker", BREAKER_FIELDS)
                        .map(breaker ->
                                new LoadPolicy.Breaker(
                                        breaker.number("attempts", 20, 2, 10_000),
                                        breaker.number("failed-percent", 50, 1, 100),
                                        breaker.duration(
                                                "pause",
                                                Duration.ofSeconds(30),
                                                Duration.ofMillis(1),
                                                Duration.ofHours(1)))));
    }

    private Destinations destinations(Section section, String sourceTopic) {
        String results = destination(section, "results", sourceTopic).orElse(names.results());
        String deadLetters =
                destination(section, "dead-letters", sourceTopic).orElse(names.deadLetters());
        return new Destinations(
                results,
                deadLetters,
                destination(section, "on-success", sourceTopic),
                destination(section, "on-failure", sourceTopic));
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
