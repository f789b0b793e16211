package io.millrace.it.prove.core;

import io.millrace.engine.model.Destinations;
import io.millrace.engine.model.Intake;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.StartingPosition;
import io.millrace.engine.model.ValueFormat;
import io.millrace.engine.time.SystemTimeSource;
import io.millrace.it.prove.Check;
import io.millrace.schemas.ScheduleTick;
import io.millrace.schemas.registry.AvroSerializer;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;

/** Which events reach a function: filters, starting positions, the end of a loop. */
public final class FilterScenarios implements Scenario {
    private static final String MIXED = "mixed-events";
    private static final String OLD = "old-events";
    private static final String AVRO = "avro-events";
    private static final int RUNS = 16;

    /** Old enough to tell the first events from new ones, and young enough for brokers to keep. */
    private final Instant began =
            Instant.ofEpochMilli(new SystemTimeSource().now().toEpochMilli())
                    .minus(Duration.ofHours(1));

    /** A trigger with patterns, and the offsets of the events it lets through. */
    private record Case(Draft draft, Set<Integer> passes, Set<Integer> letters, String condition) {
        static Case of(String id, String topic, Set<Integer> passes, String... patterns) {
            return new Case(
                    Draft.of(id, 1)
                            .with(LanePolicy.BY_PARTITION)
                            .with(intake(StartingPosition.EARLIEST).withFilters(List.of(patterns)))
                            .from(topic),
                    passes,
                    Set.of(),
                    "DecodeError");
        }

        Case because(String why) {
            return new Case(draft, passes, letters, why);
        }

        Case letters(Set<Integer> offsets) {
            return new Case(draft, passes, offsets, condition);
        }
    }

    /** It passes the filter, and then no text can be made of it for the handler. */
    private static final Set<Integer> NO_TEXT = Set.of(4);

    private static final List<Case> CASES =
            List.of(
                    // Text where JSON is asked for, and what is no text: the metadata decides.
                    Case.of(
                                    "by-json",
                                    MIXED,
                                    Set.of(0, 3, 6),
                                    "{\"value\":{\"kind\":[\"a\"],\"n\":[{\"numeric\":[\">\",10]}]}}")
                            .letters(NO_TEXT),
                    Case.of("by-text", MIXED, Set.of(0, 1, 2, 3), "{\"value\":[\"plain\"]}")
                            .letters(NO_TEXT),
                    Case.of(
                                    "by-either",
                                    MIXED,
                                    Set.of(0, 1, 2, 3),
                                    "{\"headers\":{\"color\":[\"blue\"]}}",
                                    "{\"key\":[\"k1\"]}")
                            .letters(NO_TEXT),
                    Case.of(
                            "by-key",
                            MIXED,
                            Set.of(0, 1, 3, 5),
                            "{\"key\":{\"id\":[7]},\"headers\":{\"color\":[\"red\"]}}"),
                    Case.of(
                            "by-place",
                            MIXED,
                            Set.of(0, 1),
                            "{\"offset\":[{\"numeric\":[\"<\",2]}],\"topic\":[\"" + MIXED + "\"]}"),
                    Case.of("by-avro", AVRO, Set.of(0, 3), "{\"value\":{\"schedule\":[\"a\"]}}")
                            .letters(Set.of(2))
                            .because("SchemaNotFound"));

    private final Draft earliest = started("earliest", StartingPosition.EARLIEST);
    private final Draft latest = started("latest", StartingPosition.LATEST);
    private final Draft timed = started("timed", StartingPosition.at(began.plusSeconds(3)));
    private final Draft loop =
            Draft.of("loop", 1).with(Destinations.of("loop-results", "loop-failed"));
    private final Draft relay =
            Draft.of("relay", 1)
                    .from("loop-results")
                    .with(Destinations.of("loop-events", "relay-failed"));

    private static Intake intake(StartingPosition start) {
        return Intake.from(start, ValueFormat.AUTO);
    }

    private static Draft started(String id, StartingPosition start) {
        return Draft.of(id, 1).with(intake(start)).from(OLD);
    }

    @Override
    public void prepare(Bed bed) throws IOException, ExecutionException, InterruptedException {
        List<Draft> drafts = new ArrayList<>(List.of(earliest, latest, timed, loop, relay));
        CASES.forEach(one -> drafts.add(one.draft()));
        bed.deploy(drafts);
        bed.cluster().send(mixed());
        bed.cluster().send(avro(bed.cluster().registryUrl()));
        List<ProducerRecord<byte[], byte[]>> old = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            old.add(
                    new ProducerRecord<>(
                            OLD,
                            0,
                            began.toEpochMilli() + i * 1_000L,
                            bytes("k"),
                            bytes("old:" + i)));
        }
        bed.cluster().send(old);
    }

    private static List<ProducerRecord<byte[], byte[]>> mixed() {
        return List.of(
                mixed("k1", bytes("{\"kind\":\"a\",\"n\":11}"), "red"),
                mixed("k1", bytes("{\"kind\":\"a\",\"n\":9}"), "red"),
                mixed("k2", bytes("{\"kind\":\"b\",\"n\":300}"), "blue"),
                mixed("{\"id\":7}", bytes("plain"), "red"),
                mixed("k2", new byte[] {(byte) 0xc3, (byte) 0x28}, "blue"),
                mixed("k3", null, "red"),
                mixed("k3", bytes("plain too"), "none"));
    }

    private static ProducerRecord<byte[], byte[]> mixed(
            String key, byte @Nullable [] value, String color) {
        ProducerRecord<byte[], byte[]> one = new ProducerRecord<>(MIXED, 0, bytes(key), value);
        if (!color.equals("none")) {
            one.headers().add("color", bytes(color));
        }
        return one;
    }

    /** Two that pass, one that does not, one that no schema is known of. */
    private static List<ProducerRecord<byte[], byte[]>> avro(String registry) {
        List<ProducerRecord<byte[], byte[]>> events = new ArrayList<>();
        try (var serializer = new AvroSerializer<ScheduleTick>()) {
            serializer.configure(
                    Map.of("schema.registry.url", registry, "auto.register.schemas", true), false);
            for (String name : List.of("a", "b", "unreadable", "a")) {
                byte[] value =
                        serializer.serialize(
                                AVRO, new ScheduleTick(name, "at", "UTC", Instant.EPOCH, 0, null));
                if (name.equals("unreadable")) {
                    value = new byte[] {0, 0x77, 0x35, (byte) 0x94, 0, 4};
                }
                events.add(new ProducerRecord<>(AVRO, 0, bytes("k"), value));
            }
        }
        return events;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public List<Check> judge(Bed bed) throws ExecutionException, InterruptedException {
        List<Check> checks = new ArrayList<>();
        for (Case one : CASES) {
            bed.awaitMarks(one.draft());
            checks.addAll(
                    FilterChecks.passed(
                            one.draft().id(),
                            bed.look(one.draft()),
                            new TreeSet<>(one.passes()),
                            new TreeSet<>(one.letters()),
                            one.condition()));
        }
        List<Draft> all = List.of(earliest, latest, timed);
        bed.await(
                Duration.ofSeconds(30),
                () -> all.stream().allMatch(draft -> !bed.marks(draft).isEmpty()));
        bed.send(OLD, 0, "k", List.of("new:6", "new:7"));
        all.forEach(bed::awaitMarks);
        checks.add(FilterChecks.begins("earliest", bed.look(earliest), 0));
        checks.add(FilterChecks.begins("a timestamp", bed.look(timed), 3));
        checks.add(FilterChecks.begins("latest", bed.look(latest), 6));
        bed.send(loop.topic(), 0, "k", List.of("round"));
        bed.await(
                Duration.ofSeconds(40),
                () -> !bed.lines(loop.trigger().destinations().deadLetters()).isEmpty());
        bed.awaitMarks(loop);
        checks.addAll(FilterChecks.loopEnds(bed.look(loop), bed.look(relay), RUNS));
        return checks;
    }
}
