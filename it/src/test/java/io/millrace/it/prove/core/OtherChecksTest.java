package io.millrace.it.prove.core;

import static io.millrace.it.prove.core.Sights.SENT;
import static io.millrace.it.prove.core.Sights.START;
import static io.millrace.it.prove.core.Sights.attempt;
import static io.millrace.it.prove.core.Sights.call;
import static io.millrace.it.prove.core.Sights.changed;
import static io.millrace.it.prove.core.Sights.event;
import static io.millrace.it.prove.core.Sights.failed;
import static io.millrace.it.prove.core.Sights.letter;
import static io.millrace.it.prove.core.Sights.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.inspect.MeteredAttempt;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** Of the judges of parking, filters, load and metering. */
final class OtherChecksTest {
    private static final Duration PAUSE = Duration.ofSeconds(4);
    private static final Line FIRST = event(0, "bad", "fail:1");
    private static final Line SECOND = event(1, "bad", "ok:1");
    private static final Line OTHER = event(2, "good", "ok:neighbour");

    private final Seen parked =
            Seen.NOTHING
                    .withEvents(List.of(FIRST, SECOND, OTHER))
                    .withResults(
                            List.of(
                                    result(FIRST, 2, SENT + 3_000),
                                    result(SECOND, 1, SENT + 3_001),
                                    result(OTHER, 1, SENT + 10)))
                    .withAttempts(
                            List.of(
                                    attempt(0, 1, START),
                                    attempt(0, 2, START, "two"),
                                    attempt(1, 1, START)))
                    .withMarks(Map.of(0, 3L), Map.of(0, 3L));

    @Test
    void shouldJudgeNeighboursOfAParkedKey() {
        Duration soon = Duration.ofMillis(10);
        assertThat(ParkingChecks.neighboursGoOn(parked, 1, soon).passed()).isTrue();
        assertThat(ParkingChecks.neighboursGoOn(parked, 2, soon).passed()).isFalse();
        assertThat(ParkingChecks.neighboursGoOn(parked, 1, Duration.ofMillis(9)).passed())
                .isFalse();
        assertThat(ParkingChecks.neighboursGoOn(Seen.NOTHING, 0, soon).passed()).isFalse();
        assertThat(ParkingChecks.stillParked(parked, "bad").passed()).isFalse();
        assertThat(ParkingChecks.stillParked(parked, "nobody").passed()).isTrue();
    }

    @Test
    void shouldJudgeTheOrderAndTheTimeOfAParkedKey() {
        assertThat(failed(ParkingChecks.deliveredInOrder(parked, "bad", SENT, PAUSE, "two")))
                .isEmpty();
        assertThat(
                        failed(
                                ParkingChecks.deliveredInOrder(
                                        parked.withResults(parked.results().reversed()),
                                        "bad",
                                        SENT,
                                        PAUSE,
                                        "two")))
                .contains("a parked key keeps its order");
        assertThat(
                        failed(
                                ParkingChecks.deliveredInOrder(
                                        parked, "bad", SENT + 2_000, PAUSE, "two")))
                .containsExactly("a parked event waits for its due time, over a kill -9");
        assertThat(
                        failed(
                                ParkingChecks.deliveredInOrder(
                                        parked.withAttempts(parked.attempts().subList(0, 1)),
                                        "bad",
                                        SENT,
                                        PAUSE,
                                        "two")))
                .containsExactly("the other node delivered it");
    }

    @Test
    void shouldJudgeWhatAFilterLetsThrough() {
        Seen seen =
                parked.withResults(parked.results().subList(0, 1))
                        .withLetters(List.of(letter(SECOND, "DecodeError", 1)));
        assertThat(failed(FilterChecks.passed("f", seen, Set.of(0), Set.of(1), "DecodeError")))
                .isEmpty();
        assertThat(failed(FilterChecks.passed("f", parked, Set.of(0), Set.of(1), "DecodeError")))
                .contains(
                        "filter f: results of the offsets that pass",
                        "filter f: dead letters of what cannot be read");
        assertThat(
                        failed(
                                FilterChecks.passed(
                                        "f",
                                        seen.withLetters(List.of(letter(SECOND, "Other", 1))),
                                        Set.of(0),
                                        Set.of(1),
                                        "DecodeError")))
                .containsExactly("filter f: dead letters of what cannot be read");
        assertThat(
                        failed(
                                FilterChecks.passed(
                                        "f",
                                        seen.withAttempts(List.of(attempt(2, 1, START))),
                                        Set.of(0),
                                        Set.of(1),
                                        "DecodeError")))
                .containsExactly("filter f: nothing is metered of what is left out");
        assertThat(
                        failed(
                                FilterChecks.passed(
                                        "f",
                                        seen.withMarks(Map.of(0, 1L), Map.of(0, 3L)),
                                        Set.of(0),
                                        Set.of(1),
                                        "DecodeError")))
                .containsExactly("committed offsets are the ends though f left events out");
    }

    @Test
    void shouldJudgeWhereATriggerBegins() {
        assertThat(FilterChecks.begins("x", parked, 0).passed()).isTrue();
        assertThat(FilterChecks.begins("x", parked, 1).passed()).isFalse();
        assertThat(
                        FilterChecks.begins(
                                        "x",
                                        parked.withResults(Sights.twice(parked.results(), 0)),
                                        0)
                                .passed())
                .isFalse();
    }

    @Test
    void shouldJudgeTheEndOfALoop() {
        Call one = call(0, 1, List.of(0L), "round");
        Seen loop =
                Seen.NOTHING
                        .withCalls(List.of(one, one))
                        .withLetters(List.of(letter(FIRST, "RecursionStopped", 1)));
        Seen relay = loop.withLetters(List.of());
        assertThat(failed(FilterChecks.loopEnds(loop, relay, 2))).isEmpty();
        assertThat(failed(FilterChecks.loopEnds(loop, relay, 3)))
                .containsExactly("a loop of two functions ends");
        assertThat(failed(FilterChecks.loopEnds(relay, loop, 2)))
                .containsExactly(
                        "the event that would go round again is a dead letter",
                        "the other function has none");
    }

    @Test
    void shouldJudgeAnOutage() {
        assertThat(failed(LoadChecks.outageSurvived(parked, 4, 5))).isEmpty();
        for (int calls : List.of(0, 6)) {
            assertThat(failed(LoadChecks.outageSurvived(parked, calls, 5)))
                    .containsExactly("circuit breaker: few calls while the dependency is down");
        }
        assertThat(
                        failed(
                                LoadChecks.outageSurvived(
                                        parked.withLetters(List.of(letter(FIRST, "x", 1))), 4, 5)))
                .containsExactly("circuit breaker: everything is delivered after the outage");
    }

    @Test
    void shouldJudgeARate() {
        Seen even =
                Seen.NOTHING.withCalls(
                        LongStream.range(0, 40)
                                .mapToObj(i -> call(i * 100, i * 100 + 1, List.of(i), "x"))
                                .toList());
        Duration over = Duration.ofSeconds(2);
        assertThat(LoadChecks.rateKept(even, 10, over, 0.2).passed()).isTrue();
        assertThat(LoadChecks.rateKept(even, 8, over, 0.2).passed()).isFalse();
        assertThat(LoadChecks.rateKept(even, 13, over, 0.2).passed()).isFalse();
        assertThat(LoadChecks.rateKept(Seen.NOTHING, 10, over, 0.2).passed()).isFalse();
    }

    @Test
    void shouldJudgeConcurrencyOverTwoNodes() {
        Seen seen =
                Seen.NOTHING
                        .withCalls(
                                List.of(call(0, 9, List.of(0L), "x"), call(1, 9, List.of(1L), "x")))
                        .withAttempts(
                                List.of(attempt(0, 1, START, "one"), attempt(1, 1, START, "two")));
        assertThat(failed(LoadChecks.capKept(seen, 2))).isEmpty();
        assertThat(failed(LoadChecks.capKept(seen, 1)))
                .containsExactly("maximum concurrency is kept over two nodes");
        assertThat(
                        failed(
                                LoadChecks.capKept(
                                        seen.withAttempts(Sights.without(seen.attempts(), 1)), 2)))
                .containsExactly("both nodes took part");
    }

    @Test
    void shouldJudgeMetering() {
        List<MeteredAttempt> attempts =
                LongStream.range(0, 10).mapToObj(i -> attempt(i, 1, START)).toList();
        Seen seen =
                Seen.NOTHING
                        .withAttempts(attempts)
                        .withCalls(
                                LongStream.range(0, 10)
                                        .mapToObj(i -> call(0, 1, List.of(i), "x"))
                                        .toList());
        assertThat(failed(MeteringChecks.packed(seen, 2))).isEmpty();
        assertThat(failed(MeteringChecks.packed(seen, 3)))
                .containsExactly("metering entries are packed");
        assertThat(failed(MeteringChecks.packed(seen.withAttempts(Sights.twice(attempts, 0)), 2)))
                .containsExactly(
                        "metering has one entry per attempt",
                        "attempts are billed once, by milliseconds begun");
        MeteredAttempt.Usage less =
                new MeteredAttempt.Usage(
                        Duration.ofNanos(1_500_000), Duration.ofMillis(1), 256, Duration.ZERO);
        MeteredAttempt first = attempts.getFirst();
        assertThat(
                        failed(
                                MeteringChecks.packed(
                                        seen.withAttempts(
                                                changed(
                                                        attempts,
                                                        0,
                                                        _ ->
                                                                new MeteredAttempt(
                                                                        first.where(),
                                                                        first.requestId(),
                                                                        1,
                                                                        1,
                                                                        START,
                                                                        less,
                                                                        "SUCCEEDED"))),
                                        2)))
                .containsExactly("attempts are billed once, by milliseconds begun");
    }

    @Test
    void shouldJudgeWhatTheMeteringCommandPrints() {
        List<String> printed =
                List.of("x trigger=t", "y trigger=t", "total attempts=2 billed=4ms gb-seconds=0");
        assertThat(MeteringChecks.agrees(2, 4, printed).passed()).isTrue();
        assertThat(MeteringChecks.agrees(2, 5, printed).passed()).isFalse();
        assertThat(MeteringChecks.agrees(3, 4, printed).passed()).isFalse();
        assertThat(MeteringChecks.agrees(2, 4, printed.subList(1, 3)).passed()).isFalse();
    }

    @Test
    void shouldJudgeRepeatsAndWhatMayBeThereTwice() {
        assertThat(
                        RestartChecks.repeatsLeftOut(
                                        parked, Set.of("fail:1", "ok:1", "ok:neighbour"))
                                .passed())
                .isTrue();
        assertThat(RestartChecks.repeatsLeftOut(parked, Set.of("fail:1", "ok:1")).passed())
                .isFalse();
        assertThat(
                        RestartChecks.repeatsLeftOut(
                                        parked.withResults(Sights.twice(parked.results(), 0)),
                                        Set.of("fail:1", "ok:1", "ok:neighbour"))
                                .passed())
                .isFalse();
        assertThat(failed(RestartChecks.killedInTime(1, 3, 4, 5))).isEmpty();
        assertThat(failed(RestartChecks.killedInTime(0, 3, 5, 5))).hasSize(2);
        assertThat(failed(RestartChecks.killedInTime(3, 3, 5, 5))).hasSize(2);
        assertThat(RestartChecks.nothingLost(parked).passed()).isTrue();
        assertThat(
                        RestartChecks.nothingLost(
                                        parked.withResults(Sights.twice(parked.results(), 0)))
                                .passed())
                .isTrue();
        assertThat(
                        RestartChecks.nothingLost(
                                        parked.withResults(Sights.without(parked.results(), 0)))
                                .passed())
                .isFalse();
    }
}
