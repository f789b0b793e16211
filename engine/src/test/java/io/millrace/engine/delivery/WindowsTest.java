package io.millrace.engine.delivery;

import static io.millrace.engine.delivery.MachineRig.done;
import static io.millrace.engine.delivery.MachineRig.failedItem;
import static io.millrace.engine.delivery.MachineRig.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.Work;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.BatchPolicy.PartialAnswer;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.MeteringLine;
import io.millrace.engine.model.Outcome;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;
import io.millrace.engine.model.WindowInput;
import io.millrace.engine.model.WindowPolicy;
import io.millrace.schemas.EventHeaders;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Cutting, closing and retrying of tumbling windows of ten seconds. */
final class WindowsTest {
    private static final Duration SIZE = Duration.ofSeconds(10);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final BatchPolicy BATCH =
            BatchPolicy.of(10).withTumbling(new WindowPolicy(SIZE, GRACE));
    private static final RetryPolicy RETRY =
            RetryPolicy.of(2, Duration.ofSeconds(2), Duration.ofSeconds(2));

    private MachineRig rig = rig(BATCH);

    /** 2026-03-01T12:00:00Z, where the clocks begin: a window begins there, too. */
    private final long base = rig.now().millis();

    private static MachineRig rig(BatchPolicy batch) {
        return new MachineRig(MachineRig.Rules.of(LanePolicy.BY_PARTITION, batch, RETRY));
    }

    /** Takes an event in that is so many seconds after the beginning. */
    private List<Lane> admit(long offset, int seconds) {
        return rig.machine.admit(event(offset, seconds), rig.now());
    }

    private RawEvent event(long offset, int seconds) {
        RawEvent plain = Samples.event(offset, "k");
        return new RawEvent(
                plain.position(),
                plain.key(),
                plain.value(),
                plain.headers(),
                base + seconds * 1_000L);
    }

    private Work onlyWork(List<Lane> lanes) {
        assertThat(lanes).hasSize(1);
        return rig.take(lanes.getFirst());
    }

    private MachineRig.Ended settle(Work work, String state) {
        List<ItemEnd> ends = Collections.nCopies(work.events().size(), done());
        return rig.end(report(work, ends, Optional.empty(), Optional.of(state)));
    }

    private MachineRig.Ended fail(Work work, Failure failure) {
        List<ItemEnd> ends = Collections.nCopies(work.events().size(), new ItemEnd.Failed(failure));
        return rig.end(report(work, ends, Optional.of(failure), Optional.empty()));
    }

    private AttemptReport report(
            Work work, List<ItemEnd> ends, Optional<Failure> whole, Optional<String> state) {
        return rig.report(rig.lanes.lane(0), work, ends, whole, ends.size()).withState(state);
    }

    private static String bounds(Work work) {
        return work.window().map(WindowInput::toString).orElse("");
    }

    private static String state(Work work) {
        return work.window().orElseThrow().state();
    }

    @Test
    void shouldGiveTheFirstBatchAnEmptyStateAndTheNextOneItsAnswer() {
        Work first = onlyWork(admit(0, 3));
        assertThat(admit(1, 4)).isEmpty();

        Work second = onlyWork(settle(first, "{\"n\":1}").runnable());

        assertThat(state(first)).isEqualTo("{}");
        assertThat(bounds(first)).isEqualTo("2026-03-01T12:00:00Z/2026-03-01T12:00:10Z");
        assertThat(state(second)).isEqualTo("{\"n\":1}");
        assertThat(offsets(second)).containsExactly(1L);
    }

    @Test
    void shouldCutABatchWhereALaterWindowBegins() {
        Work first = onlyWork(admit(0, 3));
        admit(1, 4);
        admit(2, 9);
        admit(3, 10);

        Work second = onlyWork(settle(first, "{}").runnable());

        assertThat(offsets(second)).containsExactly(1L, 2L);
    }

    @Test
    void shouldCloseAWindowWithItsLastStateWhenALaterEventComes() {
        Work first = onlyWork(admit(0, 3));
        admit(1, 12);

        Work closing = onlyWork(settle(first, "{\"n\":1}").runnable());

        assertThat(closing.closesWindow()).isTrue();
        assertThat(state(closing)).isEqualTo("{\"n\":1}");
        MachineRig.Ended ended = rig.end(rig.succeeded(rig.lanes.lane(0), closing));
        Work next = onlyWork(ended.runnable());
        assertThat(bounds(next)).isEqualTo("2026-03-01T12:00:10Z/2026-03-01T12:00:20Z");
        assertThat(state(next)).isEqualTo("{}");
    }

    @Test
    void shouldMeterTheFinalInvocationUnderTheOffsetsOfItsWindowAndNoEvents() {
        Work first = onlyWork(admit(7, 3));
        admit(8, 4);
        Work second = onlyWork(settle(first, "{}").runnable());
        admit(9, 12);
        Work closing = onlyWork(settle(second, "{}").runnable());

        Decision decision = rig.end(rig.succeeded(rig.lanes.lane(0), closing)).decision();

        MeteringLine line = decision.metering().orElseThrow();
        assertThat(line.firstOffset()).isEqualTo(7);
        assertThat(line.lastOffset()).isEqualTo(8);
        assertThat(line.events()).isZero();
    }

    @Test
    void shouldCloseAWindowWhenItsTimeAndTheGraceAreOver() {
        settle(onlyWork(admit(0, 3)), "{\"n\":1}");
        rig.time.advance(Duration.ofMillis(14_999));
        assertThat(rig.due()).isEmpty();

        rig.time.advance(Duration.ofMillis(1));
        Work closing = onlyWork(rig.due());

        assertThat(closing.closesWindow()).isTrue();
        rig.end(rig.succeeded(rig.lanes.lane(0), closing));
        assertThat(rig.machine.hasOpenWindow()).isFalse();
        assertThat(rig.lanes.size()).isZero();
        assertThat(rig.machine.queuedBytes()).isZero();
    }

    @Test
    void shouldNotCloseByTheClockWhileAnOldPartitionIsRead() {
        rig.time.advance(Duration.ofHours(1));
        Work first = onlyWork(admit(0, 3));
        settle(first, "{}");
        rig.time.advance(Duration.ofSeconds(4));
        assertThat(rig.due()).isEmpty();

        Work second = onlyWork(admit(1, 4));

        assertThat(second.closesWindow()).isFalse();
        settle(second, "{}");
        assertThat(onlyWork(rig.skip()).closesWindow()).isTrue();
    }

    @Test
    void shouldNotInvokeForAWindowThatNothingHasEntered() {
        Work first = onlyWork(admit(0, 3));
        admit(1, 12);

        ItemEnd hopeless = failedItem(Failure.Kind.NON_RETRYABLE);
        Work next = onlyWork(rig.end(rig.answered(rig.lanes.lane(0), first, hopeless)).runnable());

        assertThat(next.closesWindow()).isFalse();
        assertThat(offsets(next)).containsExactly(1L);
    }

    @Test
    void shouldPutALateEventIntoTheOpenWindow() {
        settle(onlyWork(admit(0, 13)), "{}");

        Work late = onlyWork(admit(1, 2));

        assertThat(bounds(late)).isEqualTo("2026-03-01T12:00:10Z/2026-03-01T12:00:20Z");
    }

    @Test
    void shouldPutALateEventBehindAClosedWindowWhenNoneIsOpenEvenAfterACrash() {
        settle(onlyWork(admit(0, 13)), "{}");
        rig.end(rig.succeeded(rig.lanes.lane(0), onlyWork(rig.skip())));
        rig = rig.afterCrash();
        rig.due();

        Work late = onlyWork(admit(1, 14));

        assertThat(bounds(late)).isEqualTo("2026-03-01T12:00:20Z/2026-03-01T12:00:30Z");
    }

    @Test
    void shouldLeaveTheStateAsItWasWhenABatchIsDiscarded() {
        settle(onlyWork(admit(0, 3)), "{\"n\":1}");
        Work bad = onlyWork(admit(1, 4));
        assertThat(fail(bad, Samples.FAILURE).runnable()).isEmpty();
        Work again = onlyWork(rig.skip());
        assertThat(state(again)).isEqualTo("{\"n\":1}");
        admit(2, 5);

        MachineRig.Ended given = fail(again, Samples.FAILURE);

        assertThat(given.decision().settled().getFirst().outcome())
                .isInstanceOf(Outcome.Failed.class);
        assertThat(state(onlyWork(given.runnable()))).isEqualTo("{\"n\":1}");
    }

    @Test
    void shouldTakeTheStateOfABatchThatFailedInPartAndTryTheRestAgainBeforeClosing() {
        Work first = onlyWork(admit(0, 2));
        admit(1, 3);
        admit(2, 4);
        Work two = onlyWork(settle(first, "{\"n\":1}").runnable());
        admit(3, 12);
        List<ItemEnd> ends = Arrays.asList(done(), new ItemEnd.Failed(Samples.FAILURE));

        rig.end(report(two, ends, Optional.empty(), Optional.of("{\"n\":2}")));

        Work again = onlyWork(rig.skip());
        assertThat(offsets(again)).containsExactly(2L);
        assertThat(state(again)).isEqualTo("{\"n\":2}");
        assertThat(onlyWork(settle(again, "{\"n\":3}").runnable()).closesWindow()).isTrue();
    }

    @Test
    void shouldWaitInMemoryHoweverLongARetryTakes() {
        var parkingRules =
                MachineRig.Rules.of(LanePolicy.BY_PARTITION, BATCH, RETRY)
                        .withLimits(ParkingLimits.DEFAULT);
        rig = new MachineRig(parkingRules);
        fail(onlyWork(admit(0, 3)), Samples.FAILURE);

        assertThat(rig.machine.parked()).isZero();
        assertThat(rig.machine.unfinished()).isEqualTo(1);
        assertThat(rig.store.get(0).orElseThrow().event()).isEmpty();
        assertThat(onlyWork(rig.skip()).attempt()).isEqualTo(2);
    }

    @Test
    void shouldSplitABatchWithinItsWindow() {
        rig =
                new MachineRig(
                        MachineRig.Rules.of(LanePolicy.BY_PARTITION, BATCH, RETRY.withBisect()));
        Work first = onlyWork(admit(0, 2));
        admit(1, 3);
        admit(2, 4);
        Work two = onlyWork(settle(first, "{\"n\":1}").runnable());

        Work half = onlyWork(fail(two, Samples.FAILURE).runnable());

        assertThat(offsets(half)).containsExactly(1L);
        Work other = onlyWork(settle(half, "{\"n\":2}").runnable());
        assertThat(offsets(other)).containsExactly(2L);
        assertThat(state(other)).isEqualTo("{\"n\":2}");
    }

    @Test
    void shouldTryAFinalInvocationAgainAndGiveItUpWithTheStateWhenItsAttemptsAreUsedUp() {
        settle(onlyWork(admit(0, 3)), "{\"n\":1}");
        Work closing = onlyWork(rig.skip());
        assertThat(fail(closing, Samples.FAILURE).runnable()).isEmpty();
        admit(1, 4);
        assertThat(rig.due()).isEmpty();
        Work again = onlyWork(rig.skip());
        assertThat(again.closesWindow()).isTrue();
        assertThat(again.attempt()).isEqualTo(2);

        MachineRig.Ended ended = fail(again, Samples.FAILURE);

        Decision.Settled settled = ended.decision().settled().getFirst();
        assertThat(settled.outcome())
                .isEqualTo(
                        new Outcome.Failed(
                                Outcome.Condition.RETRY_ATTEMPTS_EXHAUSTED, Samples.FAILURE));
        assertThat(settled.event().value().text()).isEqualTo("{\"n\":1}");
        assertThat(settled.event().offset()).isZero();
        Work next = onlyWork(ended.runnable());
        assertThat(state(next)).isEqualTo("{}");
        assertThat(bounds(next)).isEqualTo("2026-03-01T12:00:10Z/2026-03-01T12:00:20Z");
    }

    @Test
    void shouldGoOnWithAnOpenWindowAndItsTimerInTheNextEpoch() {
        settle(onlyWork(admit(0, 3)), "{\"n\":1}");
        rig = rig.afterCrash();
        assertThat(rig.due()).isEmpty();
        assertThat(rig.machine.hasOpenWindow()).isTrue();

        Work closing = onlyWork(rig.skip());

        assertThat(closing.closesWindow()).isTrue();
        assertThat(state(closing)).isEqualTo("{\"n\":1}");
    }

    @Test
    void shouldGoOnWithTheAttemptsOfAFinalInvocationInTheNextEpoch() {
        settle(onlyWork(admit(0, 3)), "{\"n\":1}");
        fail(onlyWork(rig.skip()), Samples.FAILURE);
        rig = rig.afterCrash();
        assertThat(rig.due()).isEmpty();

        Work again = onlyWork(rig.skip());

        assertThat(again.closesWindow()).isTrue();
        assertThat(again.attempt()).isEqualTo(2);
    }

    @Test
    void shouldEndAWindowEarlyWhenItsStateIsTooLargeAndBeginItAnew() {
        String large = "{\"s\":\"" + "x".repeat(WindowPolicy.MAX_STATE_BYTES) + "\"}";
        Work first = onlyWork(admit(0, 3));
        admit(1, 4);

        Work closing = onlyWork(settle(first, large).runnable());

        WindowInput window = closing.window().orElseThrow();
        assertThat(window.isTerminatedEarly()).isTrue();
        assertThat(window.state()).isEqualTo(large);
        Work rest = onlyWork(rig.end(rig.succeeded(rig.lanes.lane(0), closing)).runnable());
        assertThat(bounds(rest)).isEqualTo(bounds(closing));
        assertThat(state(rest)).isEqualTo("{}");
    }

    @Test
    void shouldKeepTheLineageOfItsEventsInTheFinalInvocation() {
        RawEvent plain = event(0, 3);
        var chained =
                new RawEvent(
                        plain.position(),
                        plain.key(),
                        plain.value(),
                        List.of(Header.of(EventHeaders.LINEAGE, "resize:15")),
                        plain.timestamp());
        settle(onlyWork(rig.machine.admit(chained, rig.now())), "{}");

        Work closing = onlyWork(rig.skip());

        assertThat(closing.events().getFirst().headers())
                .containsExactly(Header.of(EventHeaders.LINEAGE, "resize:15"));
    }

    @Test
    void shouldGatherABatchNoLongerThanItsWindow() {
        rig = rig(BATCH.withWindow(Duration.ofMinutes(5)));
        assertThat(admit(0, 3)).isEmpty();
        assertThat(admit(1, 4)).isEmpty();

        Work batch = onlyWork(admit(2, 12));

        assertThat(offsets(batch)).containsExactly(0L, 1L);
        Work closing = onlyWork(settle(batch, "{}").runnable());
        assertThat(rig.end(rig.succeeded(rig.lanes.lane(0), closing)).runnable()).isEmpty();
        assertThat(rig.machine.nextDue() - rig.time.nanos())
                .isEqualTo(Duration.ofSeconds(25).toNanos());
        assertThat(offsets(onlyWork(rig.skip()))).containsExactly(2L);
    }

    @Test
    void shouldRunWhatWasParkedBeforeThereWereWindows() {
        var plainRules =
                MachineRig.Rules.of(LanePolicy.BY_PARTITION, BatchPolicy.of(10), RETRY)
                        .withLimits(ParkingLimits.DEFAULT);
        var before = new MachineRig(plainRules);
        Lane lane = before.machine.admit(event(0, 3), before.now()).getFirst();
        before.end(before.failed(lane, before.take(lane), Samples.FAILURE));
        assertThat(before.machine.parked()).isEqualTo(1);
        rig =
                new MachineRig(
                        MachineRig.Rules.of(LanePolicy.BY_PARTITION, BATCH, RETRY),
                        before.time,
                        before.store,
                        before.committed());

        Work work = onlyWork(rig.due());

        assertThat(work.parked()).isTrue();
        assertThat(work.attempt()).isEqualTo(2);
        settle(work, "{\"n\":1}");
        assertThat(rig.machine.parked()).isZero();
        assertThat(rig.store.entries).isEmpty();
        assertThat(rig.machine.hasOpenWindow()).isTrue();
    }

    @Test
    void shouldTryOnlyTheItemsAgainThatFailedWhereItemsAreAsked() {
        rig = rig(BATCH.withAnswer(PartialAnswer.ITEMS));
        Work first = onlyWork(admit(0, 1));
        admit(1, 2);
        admit(2, 3);
        Work two = onlyWork(settle(first, "{\"n\":1}").runnable());
        var ends = new ArrayList<ItemEnd>(List.of(new ItemEnd.Failed(Samples.FAILURE), done()));

        rig.end(report(two, ends, Optional.empty(), Optional.of("{\"n\":2}")));

        Work again = onlyWork(rig.skip());
        assertThat(offsets(again)).containsExactly(1L);
        assertThat(state(again)).isEqualTo("{\"n\":2}");
    }
}
