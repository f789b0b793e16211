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

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

final class BatchChecksTest {
    private static final Duration WINDOW = Duration.ofSeconds(2);
    private static final List<Line> EVENTS =
            LongStream.range(0, 100).mapToObj(i -> event(i, "k", "ok:" + i)).toList();

    @Test
    void shouldJudgeABatchThatWasHalved() {
        Seen good =
                Seen.NOTHING
                        .withEvents(EVENTS)
                        .withResults(EVENTS.stream().skip(1).map(e -> result(e, 1, SENT)).toList())
                        .withLetters(List.of(letter(EVENTS.getFirst(), "x", 1)))
                        .withAttempts(Collections.nCopies(15, attempt(0, 1, START)));
        assertThat(failed(BatchChecks.halved(good))).isEmpty();
        assertThat(
                        failed(
                                BatchChecks.halved(
                                        good.withAttempts(
                                                Collections.nCopies(16, attempt(0, 1, START))))))
                .containsExactly("bisect: the poisoned event is found in few invocations");
        assertThat(failed(BatchChecks.halved(good.withLetters(List.of()))))
                .contains(
                        "bisect: all but the poisoned event succeed",
                        "bisect: every event has one end");
        assertThat(failed(BatchChecks.halved(good.withResults(good.results().reversed()))))
                .containsExactly("bisect: parts are handled in order");
    }

    @Test
    void shouldJudgeAnEventThatIsTooOld() {
        Seen good =
                Seen.NOTHING
                        .withEvents(EVENTS.subList(0, 6))
                        .withResults(
                                EVENTS.subList(1, 6).stream().map(e -> result(e, 1, SENT)).toList())
                        .withLetters(List.of(letter(EVENTS.getFirst(), "RecordAgeExceeded", 1)))
                        .withCalls(List.of(call(0, 1, List.of(1L, 2L, 3L, 4L, 5L), "ok")));
        String name = "an event that is too old is a dead letter, the others are delivered";
        assertThat(failed(BatchChecks.aged(good, "t"))).doesNotContain(name);
        assertThat(failed(BatchChecks.aged(good.withCalls(List.of()), "t"))).contains(name);
        assertThat(failed(BatchChecks.aged(good.withLetters(List.of()), "t"))).contains(name);
        assertThat(failed(BatchChecks.aged(good, "t")))
                .contains("an event that expired before its first attempt counts 1");
    }

    @Test
    void shouldJudgeWhatWasGivenAgain() {
        Seen good =
                Seen.NOTHING
                        .withEvents(EVENTS.subList(0, 2))
                        .withCalls(
                                List.of(
                                        call(0, 1, List.of(0L, 1L), "ok"),
                                        call(2, 3, List.of(1L), "ok")));
        assertThat(failed(BatchChecks.partial("f", good, List.of(1, 2), 0))).isEmpty();
        assertThat(failed(BatchChecks.partial("f", good, List.of(2, 2), 0)))
                .containsExactly("f answers: deliveries of each event");
        assertThat(failed(BatchChecks.partial("f", good, List.of(1, 2), 4)))
                .containsExactly("f answers: dead letters");
        Seen told =
                good.withFailures(List.of(event(0, "k", "{\"x\":{\"approximateInvokeCount\":5}}")));
        assertThat(failed(BatchChecks.partial("f", told, List.of(1, 2), 4)))
                .contains("f answers: the failure record counts anew from the checkpoint");
    }

    @Test
    void shouldJudgeWindows() {
        Seen seen =
                Seen.NOTHING.withCalls(
                        List.of(
                                call(0, 1, List.of(0L, 1L), "ok"),
                                call(2_500, 2_501, List.of(2L), "ok")));
        Duration slack = Duration.ofSeconds(1);
        assertThat(failed(BatchChecks.windows(seen, List.of(2, 1), 0, WINDOW, slack))).isEmpty();
        assertThat(failed(BatchChecks.windows(seen, List.of(1, 1, 1), 0, WINDOW, slack)))
                .containsExactly("batches are cut by count, then by the window");
        assertThat(failed(BatchChecks.windows(seen, List.of(2, 1), 1_000_000_000L, WINDOW, slack)))
                .containsExactly("a batch that is not full waits for the window");
        assertThat(failed(BatchChecks.windows(seen, List.of(2, 1), -1_000_000_000L, WINDOW, slack)))
                .containsExactly("a batch that is not full waits for the window");
    }

    @Test
    void shouldJudgeLanes() {
        Seen seen =
                Seen.NOTHING
                        .withEvents(
                                List.of(event(0, "a", "x"), event(1, "a", "x"), event(2, "b", "x")))
                        .withCalls(
                                List.of(
                                        call(0, 1, List.of(0L, 1L), "x"),
                                        call(0, 1, List.of(2L), "x")));
        assertThat(BatchChecks.lanesApart(seen).passed()).isTrue();
        assertThat(
                        BatchChecks.lanesApart(
                                        seen.withCalls(List.of(call(0, 1, List.of(1L, 2L), "x"))))
                                .passed())
                .isFalse();
        assertThat(
                        BatchChecks.lanesApart(
                                        seen.withCalls(List.of(call(0, 1, List.of(1L), "x"))))
                                .passed())
                .isFalse();
    }

    @Test
    void shouldJudgeBytes() {
        Seen seen = Seen.NOTHING.withCalls(List.of(call(0, 1, List.of(0L, 1L), "xxx")));
        assertThat(failed(BatchChecks.bytes(seen, 6, List.of(2)))).isEmpty();
        assertThat(failed(BatchChecks.bytes(seen, 5, List.of(2))))
                .containsExactly("no batch is larger than 6 MB");
        assertThat(failed(BatchChecks.bytes(seen, 6, List.of(1, 1))))
                .containsExactly("batches are cut by bytes no sooner than needed");
    }

    @Test
    void shouldJudgeWhatWaitsBehindASlowEvent() {
        Seen seen =
                Seen.NOTHING
                        .withEvents(List.of(event(0, "k", "slow:9"), event(1, "k", "fail:1")))
                        .withCalls(
                                List.of(
                                        call(0, 1, List.of(1L), "fail:1"),
                                        call(2, 3, List.of(1L), "fail:1"),
                                        call(0, 90, List.of(0L), "slow:9")));
        assertThat(BatchChecks.noneWaits(seen, "slow").passed()).isTrue();
        assertThat(BatchChecks.onlyFailedAgain(seen, 3).passed()).isTrue();
        Seen late =
                seen.withCalls(changed(seen.calls(), 1, _ -> call(91, 92, List.of(1L), "fail:1")));
        assertThat(BatchChecks.noneWaits(late, "slow").passed()).isFalse();
        Seen again = seen.withCalls(Sights.twice(seen.calls(), 2));
        assertThat(BatchChecks.noneWaits(again, "slow").passed()).isFalse();
        assertThat(BatchChecks.onlyFailedAgain(again, 3).passed()).isFalse();
        assertThat(
                        BatchChecks.onlyFailedAgain(
                                        seen.withCalls(Sights.without(seen.calls(), 1)), 3)
                                .passed())
                .isFalse();
    }

    @Test
    void shouldJudgeOrder() {
        Seen seen =
                Seen.NOTHING
                        .withEvents(EVENTS.subList(0, 2))
                        .withResults(
                                EVENTS.subList(0, 2).stream()
                                        .map(e -> result(e, 1, SENT))
                                        .toList());
        for (boolean byKey : List.of(true, false)) {
            assertThat(BatchChecks.orderKept("x", seen, byKey).passed()).isTrue();
            Seen swapped = seen.withResults(seen.results().reversed());
            assertThat(BatchChecks.orderKept("x", swapped, byKey).passed()).isFalse();
            Seen lost = seen.withResults(seen.results().subList(0, 1));
            assertThat(BatchChecks.orderKept("x", lost, byKey).passed()).isFalse();
        }
    }

    @Test
    void shouldCountWhatRunsSideBySide() {
        Seen seen =
                Seen.NOTHING.withCalls(
                        List.of(
                                call(0, 10, List.of(0L), "x"),
                                call(5, 15, List.of(1L), "x"),
                                call(10, 20, List.of(2L), "x")));
        assertThat(BatchChecks.overlap(seen.calls())).isEqualTo(2);
        assertThat(BatchChecks.sideBySide("s", seen, 2, 2).passed()).isTrue();
        assertThat(BatchChecks.sideBySide("s", seen, 1, 1).passed()).isFalse();
        assertThat(BatchChecks.sideBySide("s", seen, 3, 9).passed()).isFalse();
    }
}
