package io.millrace.it.prove.core;

import io.millrace.engine.inspect.MeteredAttempt;
import io.millrace.it.prove.Check;
import io.millrace.schemas.EventHeaders;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Observations for the tests of the judges. */
final class Sights {
    static final long SENT = 1_700_000_000_123L;
    static final Instant START = Instant.ofEpochMilli(SENT + 1_000);

    private Sights() {}

    static Line event(long offset, String key, String value) {
        return new Line(
                0,
                offset,
                SENT,
                Optional.of(key),
                Optional.of(value),
                List.of(
                        new Line.Field("own", Optional.of("1")),
                        new Line.Field("own", Optional.empty())));
    }

    static Line result(Line event, int attempt, long timestamp) {
        return new Line(
                0,
                100 + event.offset(),
                timestamp,
                event.key(),
                Optional.of(event.text() + "@" + attempt),
                List.of(
                        field(EventHeaders.SOURCE, "events-0-" + event.offset()),
                        field(EventHeaders.ATTEMPT, "" + attempt)));
    }

    static Line letter(Line event, String condition, int attempts) {
        List<Line.Field> headers = new ArrayList<>(event.headers());
        Map.of(
                        EventHeaders.SOURCE, "events-0-" + event.offset(),
                        EventHeaders.SOURCE_TIMESTAMP, "" + event.timestamp(),
                        EventHeaders.CONDITION, condition,
                        EventHeaders.ATTEMPT, "" + attempts,
                        EventHeaders.TRIGGER, "t",
                        EventHeaders.FUNCTION, "t",
                        EventHeaders.VERSION, "$LATEST",
                        EventHeaders.ERROR_TYPE, "E",
                        EventHeaders.ERROR_MESSAGE, "no",
                        EventHeaders.NODE, "n")
                .forEach((name, value) -> headers.add(field(name, value)));
        headers.add(field(EventHeaders.REQUEST_ID, "r-" + event.offset()));
        return new Line(0, event.offset(), SENT + 9, event.key(), event.value(), headers);
    }

    private static Line.Field field(String name, String value) {
        return new Line.Field(name, Optional.of(value));
    }

    static MeteredAttempt attempt(long offset, int number, Instant startedAt) {
        return attempt(offset, number, startedAt, "one");
    }

    static MeteredAttempt attempt(long offset, int number, Instant startedAt, String node) {
        Duration took = Duration.ofNanos(1_500_000);
        return new MeteredAttempt(
                new MeteredAttempt.Where("t", "$LATEST", "t", node, "events-0", offset),
                "r-" + offset,
                1,
                number,
                startedAt,
                new MeteredAttempt.Usage(took, Duration.ofMillis(2), 256, Duration.ZERO),
                "SUCCEEDED");
    }

    /** A call that began and ended so many milliseconds after the first. */
    static Call call(long start, long end, List<Long> offsets, String value) {
        return new Call(
                start * 1_000_000,
                end * 1_000_000,
                1,
                0,
                offsets,
                offsets.stream().map(_ -> value).toList(),
                value.length() * (long) offsets.size());
    }

    static <T> List<T> changed(List<T> from, int at, UnaryOperator<T> change) {
        List<T> all = new ArrayList<>(from);
        all.set(at, change.apply(all.get(at)));
        return all;
    }

    static <T> List<T> without(List<T> from, int at) {
        List<T> all = new ArrayList<>(from);
        all.remove(at);
        return all;
    }

    static <T> List<T> twice(List<T> from, int at) {
        List<T> all = new ArrayList<>(from);
        all.add(all.get(at));
        return all;
    }

    /** Names of the checks that did not pass. */
    static List<String> failed(List<Check> checks) {
        return checks.stream().filter(check -> !check.passed()).map(Check::name).toList();
    }
}
