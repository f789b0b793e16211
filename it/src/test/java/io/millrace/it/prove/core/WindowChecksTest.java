package io.millrace.it.prove.core;

import static io.millrace.it.prove.core.Sights.SENT;
import static io.millrace.it.prove.core.Sights.START;
import static io.millrace.it.prove.core.Sights.attempt;
import static io.millrace.it.prove.core.Sights.changed;
import static io.millrace.it.prove.core.Sights.event;
import static io.millrace.it.prove.core.Sights.failed;
import static io.millrace.it.prove.core.Sights.letter;
import static io.millrace.it.prove.core.Sights.result;
import static io.millrace.it.prove.core.Sights.twice;
import static io.millrace.it.prove.core.Sights.without;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.inspect.MeteredAttempt;
import io.millrace.schemas.EventHeaders;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Of the judge of tumbling windows. */
final class WindowChecksTest {
    private static final Duration SIZE = Duration.ofSeconds(10);
    private static final long FIRST = Math.floorDiv(SENT, 10_000L) * 10_000;
    private static final long SECOND = FIRST + 10_000;

    /** Two of the first window, then one of the second and one that is late for it. */
    private final Seen good =
            Seen.NOTHING
                    .withEvents(List.of(at(0, FIRST), at(1, FIRST), at(2, SECOND), at(3, FIRST)))
                    .withResults(List.of(closed(1, FIRST, "2:3"), closed(3, SECOND, "2:7")))
                    .withAttempts(
                            List.of(
                                    attempt(0, 1, START),
                                    closing("a"),
                                    closing("b"),
                                    closing("b")));

    private static Line at(long offset, long time) {
        Line plain = event(offset, "k", Long.toString(offset + 1));
        return new Line(0, offset, time, plain.key(), plain.value(), plain.headers());
    }

    private static Line closed(long last, long start, String sum) {
        Line plain = result(event(last, "k", ""), 1, SENT);
        var headers = new ArrayList<>(plain.headers());
        String bounds = Instant.ofEpochMilli(start) + "/" + Instant.ofEpochMilli(start + 10_000);
        headers.add(new Line.Field(EventHeaders.WINDOW, Optional.of(bounds)));
        return new Line(0, last, SENT, Optional.empty(), Optional.of(start + ":" + sum), headers);
    }

    private static MeteredAttempt closing(String requestId) {
        MeteredAttempt plain = attempt(0, 1, START);
        return new MeteredAttempt(
                plain.where(), requestId, 0, 1, START, plain.usage(), plain.outcome());
    }

    private static String failure(Seen seen) {
        return String.join(" ", failed(WindowChecks.sums(seen, SIZE)));
    }

    @Test
    void shouldPassWhereEveryWindowHasItsSum() {
        assertThat(failed(WindowChecks.sums(good, SIZE))).isEmpty();
    }

    @Test
    void shouldFindAWrongSumALostWindowAndOneThatWasClosedTwice() {
        String name = "one final result each";
        assertThat(failure(good.withResults(without(good.results(), 1)))).contains(name);
        assertThat(failure(good.withResults(twice(good.results(), 0)))).contains(name);
        assertThat(
                        failure(
                                good.withResults(
                                        changed(
                                                good.results(),
                                                0,
                                                line -> line.withValue(FIRST + ":2:4")))))
                .contains(name);
        assertThat(
                        failure(
                                good.withResults(
                                        changed(
                                                good.results(),
                                                0,
                                                line ->
                                                        line.withHeader(
                                                                EventHeaders.WINDOW, "x")))))
                .contains(name);
        assertThat(failure(good.withEvents(without(good.events(), 3)))).contains(name);
        assertThat(failure(good.withEvents(without(good.events(), 2)))).contains(name);
    }

    @Test
    void shouldFindDeadLettersAndFinalInvocationsThatAreNotMetered() {
        Line dead = letter(event(1, "k", "1"), "NonRetryable", 1);
        assertThat(failure(good.withLetters(List.of(dead)))).contains("no dead letters");
        assertThat(failure(good.withAttempts(without(good.attempts(), 1)))).contains("is metered");
    }

    @Test
    void shouldWantAKillInTheMiddle() {
        assertThat(WindowChecks.killedBetween(1, 5, 10).passed()).isTrue();
        assertThat(WindowChecks.killedBetween(1, 0, 10).passed()).isFalse();
        assertThat(WindowChecks.killedBetween(1, 10, 10).passed()).isFalse();
    }

    @Test
    void shouldWantTheStateTheOffsetsAndTheNextWindowOfAFinalInvocationThatIsGivenUp() {
        Line state = event(1, "k", "{\"count\":2,\"total\":13}");
        Line told = event(0, "k", "{\"firstRecordOffset\":\"0\",\"lastRecordOffset\":\"1\"}");
        Seen seen =
                Seen.NOTHING
                        .withLetters(List.of(letter(state, "RetryAttemptsExhausted", 2)))
                        .withFailures(List.of(told))
                        .withResults(List.of(closed(2, SECOND, "1:1")));
        assertThat(failed(WindowChecks.givenUp(seen, 2))).isEmpty();
        assertThat(failed(WindowChecks.givenUp(seen, 3))).hasSize(1);
        assertThat(failed(WindowChecks.givenUp(seen.withFailures(List.of()), 2))).hasSize(1);
        assertThat(failed(WindowChecks.givenUp(seen.withResults(List.of()), 2))).hasSize(1);
        assertThat(failed(WindowChecks.givenUp(Seen.NOTHING, 2))).hasSize(3);
    }
}
