package io.millrace.engine.delivery;

import static io.millrace.engine.delivery.MachineRig.done;
import static io.millrace.engine.delivery.MachineRig.failedItem;
import static io.millrace.engine.delivery.MachineRig.offsets;
import static io.millrace.engine.delivery.MachineRig.settledOffsets;
import static io.millrace.engine.model.Samples.failure;
import static io.millrace.engine.model.Samples.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.delivery.MachineRig.Rules;
import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.Progress;
import io.millrace.engine.lane.Work;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.Failure.Kind;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.MeteringLine;
import io.millrace.engine.model.Outcome;
import io.millrace.engine.model.Outcome.Condition;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;
import io.millrace.engine.offsets.FinishedSet;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Retries that wait in memory; those that wait in the store are in DeliveryMachineParkingTest. */
final class DeliveryMachineTest {
    private static final Duration DELAY = Duration.ofSeconds(1);
    private static final LanePolicy MANY = LanePolicy.byKey(1_024);
    private static final RetryPolicy THREE = RetryPolicy.of(3, DELAY, DELAY);

    private final MachineRig rig = rig(3);
    private final DeliveryMachine machine = rig.machine;

    @Test
    void shouldGiveALaneToRunOnlyWhenItHadNothingToDo() {
        assertThat(rig.admit(1, "a")).hasSize(1);
        assertThat(rig.admit(2, "a")).isEmpty();
        assertThat(rig.admit(3, "b")).hasSize(1);
        assertThat(machine.unfinished()).isEqualTo(3);
        assertThat(machine.queuedBytes()).isEqualTo(3L * Samples.event(1, "a").sizeInBytes());
    }

    @Test
    void shouldSkipWhatIsSettled() {
        rig.admit(1, "a");
        assertThat(machine.isSettled(1)).isTrue();
        assertThat(machine.isSettled(2)).isFalse();
    }

    @Test
    void shouldSettleASuccess() {
        Lane lane = rig.admit(1, "a").getFirst();
        AttemptReport report = rig.succeeded(lane, rig.take(lane));
        Decision decision = rig.decide(report);
        assertThat(decision.settled())
                .containsExactly(
                        new Decision.Settled(
                                Samples.event(1, "a"), new Outcome.Succeeded(output("ok")), 0));
        assertThat(decision.retained()).isEmpty();
        assertThat(word(decision)).isEqualTo("1 SUCCEEDED");
        assertThat(machine.unfinished()).as("nothing is done yet").isEqualTo(1);
        rig.end(report);
        assertThat(machine.unfinished()).isZero();
        assertThat(machine.queuedBytes()).isZero();
        assertThat(rig.lanes.size()).as("the lane is forgotten").isZero();
    }

    @Test
    void shouldRefuseToApplyADecisionTwice() {
        Lane lane = rig.admit(1, "a").getFirst();
        Decision decision = rig.end(rig.succeeded(lane, rig.take(lane))).decision();
        Moment now = rig.now();
        assertThatThrownBy(() -> machine.apply(decision, now))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldTryAFailedAttemptAgainAfterADelay() {
        MachineRig single = rig(1);
        Lane lane = single.admit(1, "a").getFirst();
        single.admit(2, "a");
        Work first = single.take(lane);
        MachineRig.Ended ended = single.end(single.failed(lane, first, Samples.FAILURE));
        assertThat(ended.runnable()).as("the lane rests").isEmpty();
        assertThat(ended.decision().settled()).isEmpty();
        assertThat(single.machine.alarms()).isEqualTo(1);
        assertThat(single.machine.unfinished()).isEqualTo(2);

        assertThat(single.due()).isEmpty();
        long wait = single.machine.nextDue() - single.time.nanos();
        assertThat(wait).isBetween(DELAY.toNanos() / 2, DELAY.toNanos());
        single.time.advance(Duration.ofNanos(wait - 1));
        assertThat(single.due()).isEmpty();
        single.time.advance(Duration.ofNanos(1));
        assertThat(single.due()).containsExactly(lane);
        assertThat(single.machine.nextDue()).isEqualTo(Long.MAX_VALUE);

        Work second = single.take(lane);
        assertThat(second.events()).isEqualTo(first.events());
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(word(single.decide(single.succeeded(lane, second)))).isEqualTo("2 SUCCEEDED");
    }

    @Test
    void shouldMakeADeadLetterOfTheLastFailedAttempt() {
        Lane lane = rig.admit(1, "a").getFirst();
        var words = new ArrayList<String>();
        for (int attempt = 1; attempt < 3; attempt++) {
            words.add(word(fail(lane, Kind.TIMED_OUT)));
            assertThat(rig.skip()).containsExactly(lane);
        }
        Decision decision = fail(lane, Kind.TIMED_OUT);
        words.add(word(decision));
        assertThat(conditions(decision)).containsExactly(Condition.RETRY_ATTEMPTS_EXHAUSTED);
        assertThat(words).containsExactly("1 TIMED_OUT", "2 TIMED_OUT", "3 TIMED_OUT");
        assertThat(machine.unfinished()).isZero();
        assertThat(rig.lanes.size()).isZero();
        assertThat(rig.store.entries).as("nothing is left behind").isEmpty();
    }

    @Test
    void shouldGoOnWithTheLaneAfterADeadLetter() {
        MachineRig single = rig(1);
        Lane lane = single.admit(1, "a").getFirst();
        single.admit(2, "a");
        MachineRig.Ended ended =
                single.end(
                        single.answered(lane, single.take(lane), failedItem(Kind.NON_RETRYABLE)));
        assertThat(conditions(ended.decision())).containsExactly(Condition.NON_RETRYABLE);
        assertThat(ended.runnable()).containsExactly(lane);
    }

    @Test
    void shouldTryTheRestOfABatchAgainFromTheFirstFailedEventOn() {
        Lane lane = threeEvents();
        Decision decision =
                rig.end(
                                rig.answered(
                                        lane,
                                        rig.take(lane),
                                        done(),
                                        failedItem(Kind.FUNCTION_ERROR),
                                        done()))
                        .decision();
        assertThat(settledOffsets(decision)).containsExactly(1L);
        assertThat(decision.retained()).hasSize(1);
        assertThat(offsets(decision.retained().getFirst())).containsExactly(2L, 3L);
        assertThat(decision.retained().getFirst().attempt()).isEqualTo(2);
        assertThat(word(decision)).isEqualTo("1 PARTLY_FAILED");
        assertThat(machine.unfinished()).isEqualTo(2);

        rig.skip();
        Decision second = rig.decide(rig.succeeded(lane, rig.take(lane)));
        assertThat(settledOffsets(second)).containsExactly(2L, 3L);
        assertThat(word(second)).isEqualTo("2 SUCCEEDED");
    }

    @Test
    void shouldSettleEventsAroundOneThatCannotGetBetter() {
        Lane lane = threeEvents();
        Decision decision =
                rig.end(
                                rig.answered(
                                        lane,
                                        rig.take(lane),
                                        done(),
                                        failedItem(Kind.UNDECODABLE),
                                        done()))
                        .decision();
        assertThat(settledOffsets(decision)).containsExactly(1L, 2L, 3L);
        assertThat(conditions(decision)).containsExactly(Condition.DECODE_ERROR);
        assertThat(decision.retained()).isEmpty();
    }

    @Test
    void shouldMakeDeadLettersOfAWholeBatchThatFailedForTheLastTime() {
        Lane lane = threeEvents();
        Work work = rig.take(lane);
        var last = new Work(work.events(), new Progress(2, 2, 1), false);
        Decision decision = rig.end(rig.failed(lane, last, Samples.FAILURE)).decision();
        assertThat(settledOffsets(decision)).containsExactly(1L, 2L, 3L);
        assertThat(conditions(decision)).hasSize(3);
        assertThat(decision.settled()).allMatch(settled -> settled.strikes() == 3);
    }

    @Test
    void shouldMeterEveryAttemptWhetherItSettlesSomethingOrNot() {
        Lane lane = rig.admit(1, "a").getFirst();
        rig.admit(2, "a");
        var words = new ArrayList<String>();
        words.add(word(answer(lane, failedItem(Kind.FUNCTION_ERROR), done())));
        rig.skip();
        words.add(word(answer(lane, done(), failedItem(Kind.FUNCTION_ERROR))));
        rig.skip();
        words.add(word(answer(lane, failedItem(Kind.FUNCTION_ERROR))));
        assertThat(words).containsExactly("1 PARTLY_FAILED", "2 PARTLY_FAILED", "3 FAILED");
    }

    @Test
    void shouldNotMixTheAttemptsOfTwoLanes() {
        Lane a = rig.admit(1, "a").getFirst();
        Lane b = rig.admit(2, "b").getFirst();
        fail(a, Kind.FUNCTION_ERROR);
        Decision other = rig.end(rig.succeeded(b, rig.take(b))).decision();
        assertThat(word(other)).isEqualTo("1 SUCCEEDED");
        rig.skip();
        assertThat(word(rig.decide(rig.succeeded(a, rig.take(a))))).isEqualTo("2 SUCCEEDED");
    }

    @Test
    void shouldNeitherCountNorMeterAnAttemptThatNeverReachedTheHandler() {
        Lane lane = rig.admit(1, "a").getFirst();
        for (int outage = 0; outage < 5; outage++) {
            Work work = rig.take(lane);
            assertThat(work.attempt()).isEqualTo(1);
            Decision decision =
                    rig.end(
                                    rig.report(
                                            lane,
                                            work,
                                            List.of(failedItem(Kind.UNAVAILABLE)),
                                            Optional.empty(),
                                            0))
                            .decision();
            assertThat(decision.retained()).hasSize(1);
            assertThat(decision.metering()).isEmpty();
            assertThat(rig.store.entries).as("nothing is known against it").isEmpty();
            assertThat(rig.skip()).containsExactly(lane);
        }
        assertThat(word(rig.decide(rig.succeeded(lane, rig.take(lane))))).isEqualTo("1 SUCCEEDED");
    }

    @Test
    void shouldNotMeterWhatWasOnlyUndecodable() {
        Lane lane = rig.admit(1, "a").getFirst();
        AttemptReport report =
                rig.report(
                        lane,
                        rig.take(lane),
                        List.of(failedItem(Kind.UNDECODABLE)),
                        Optional.empty(),
                        0);
        Decision decision = rig.end(report).decision();
        assertThat(decision.metering()).isEmpty();
        assertThat(conditions(decision)).containsExactly(Condition.DECODE_ERROR);
    }

    @Test
    void shouldMeterWhatWasHandedToTheHandler() {
        Lane lane = rig.admit(4, "a").getFirst();
        rig.admit(9, "a");
        AttemptReport report =
                rig.report(
                        lane,
                        rig.take(lane),
                        List.of(done(), failedItem(Kind.UNDECODABLE)),
                        Optional.empty(),
                        1);
        MeteringLine line = rig.decide(report).metering().orElseThrow();
        assertThat(line.firstOffset()).isEqualTo(4);
        assertThat(line.lastOffset()).isEqualTo(9);
        assertThat(line.events()).isEqualTo(1);
        assertThat(line.duration()).isEqualTo(MachineRig.TOOK);
        assertThat(line.billedMillis()).isEqualTo(2);
    }

    @Test
    void shouldChangeNothingWhenItOnlyDecides() {
        Lane lane = rig.admit(1, "a").getFirst();
        AttemptReport report = rig.failed(lane, rig.take(lane), Samples.FAILURE);
        lane.rest();
        for (int i = 0; i < 3; i++) {
            assertThat(rig.decide(report).retained().getFirst().attempt()).isEqualTo(2);
        }
        assertThat(machine.nextDue()).isEqualTo(Long.MAX_VALUE);
        assertThat(machine.alarms()).isZero();
        assertThat(rig.store.entries).isEmpty();
    }

    @Test
    void shouldGiveRetriesInTheOrderOfTheirTimes() {
        var order = new ArrayList<Lane>();
        for (int i = 0; i < 20; i++) {
            fail(rig.admit(i, "k" + i).getFirst(), Kind.FUNCTION_ERROR);
        }
        long last = rig.time.nanos();
        while (machine.nextDue() != Long.MAX_VALUE) {
            long due = machine.nextDue();
            assertThat(due - last).as("the clock overflows on the way").isNotNegative();
            last = due;
            order.addAll(rig.skip());
        }
        assertThat(order).doesNotHaveDuplicates().hasSize(20);
    }

    @Test
    void shouldReleaseHeldLanesWhenTheMarkMoves() {
        MachineRig large = rig(700);
        long limit = large.epoch.limit().get();
        Lane first = large.admit(0, "a").getFirst();
        Work work = large.take(first);
        // More than 640 unfinished events, the last of them beyond the limit.
        Lane held = large.admit(limit + 1, "held").getFirst();
        for (long offset = 2; offset <= 700; offset++) {
            large.admit(limit + offset, "held");
        }
        Work below = large.take(held);
        assertThat(below.events()).as("as many as the limit allows").hasSizeLessThan(700);
        assertThat(large.takeIfAny(held)).isNull();
        assertThat(held.isHeld()).isTrue();
        assertThat(large.end(large.succeeded(first, work)).runnable()).containsExactly(held);
    }

    @Test
    void shouldKeepWhatIsKnownOfAnEventOverACrash() {
        Lane lane = rig.admit(1, "a").getFirst();
        fail(lane, Kind.FUNCTION_ERROR);
        assertThat(rig.store.entries).containsOnlyKeys(1L);

        MachineRig next = rig.afterCrash();
        assertThat(next.machine.isSettled(1)).as("it is read again").isFalse();
        Lane again = next.admit(1, "a").getFirst();
        Work work = next.take(again);
        assertThat(work.attempt()).isEqualTo(2);
        assertThat(work.progress().strikes()).isEqualTo(1);
        next.end(next.succeeded(again, work));
        assertThat(next.store.entries).isEmpty();
    }

    @Test
    void shouldNotPutEventsThatCameDifferentlyFarIntoOneBatchAfterACrash() {
        Lane lane = rig.admit(1, "a").getFirst();
        fail(lane, Kind.FUNCTION_ERROR);

        MachineRig next = rig.afterCrash();
        Lane again = next.admit(1, "a").getFirst();
        next.admit(2, "a");
        Work work = next.take(again);
        assertThat(offsets(work)).containsExactly(1L);
        Work following = next.end(next.succeeded(again, work)).next();
        assertThat(offsets(Objects.requireNonNull(following))).containsExactly(2L);
        assertThat(following.attempt()).isEqualTo(1);
    }

    @Test
    void shouldForgetNotesOfEventsThatAreFinished() {
        rig.store.put(0, new ParkedEvent(new Progress(1, 1, 5), 7, Optional.empty()));
        var finished = new MachineRig(rig.rules, rig.time, rig.store, FinishedSet.empty(1));
        assertThat(finished.store.entries).isEmpty();
    }

    @Test
    void shouldHaveOneAlarmForTheWindowOfALaneHoweverManyBatchesItCuts() {
        BatchPolicy batch = BatchPolicy.of(2).withWindow(Duration.ofMinutes(5));
        var busy = new MachineRig(Rules.of(LanePolicy.BY_PARTITION, batch, THREE));
        Lane lane = busy.admit(0, "a").getFirst();
        assertThat(busy.takeIfAny(lane)).as("one is not a batch").isNull();
        for (long offset = 1; offset < 1_000; offset += 2) {
            busy.machine.watchWindow(lane);
            assertThat(busy.admit(offset, "a")).as("full").containsExactly(lane);
            Work work = busy.take(lane);
            busy.admit(offset + 1, "a");
            assertThat(busy.end(busy.succeeded(lane, work)).next()).isNull();
        }
        assertThat(busy.machine.alarms()).isLessThanOrEqualTo(1);
    }

    @Test
    void shouldHandOutABatchThatIsNotFullWhenItsWindowIsOver() {
        BatchPolicy batch = BatchPolicy.of(10).withWindow(Duration.ofSeconds(5));
        var slow = new MachineRig(Rules.of(LanePolicy.BY_PARTITION, batch, THREE));
        Lane lane = slow.admit(1, "a").getFirst();
        assertThat(slow.takeIfAny(lane)).isNull();
        slow.machine.watchWindow(lane);
        slow.admit(2, "a");
        assertThat(slow.machine.nextDue() - slow.time.nanos())
                .isEqualTo(Duration.ofSeconds(5).toNanos());
        assertThat(slow.skip()).containsExactly(lane);
        assertThat(offsets(slow.take(lane))).containsExactly(1L, 2L);
    }

    private Lane threeEvents() {
        Lane lane = rig.admit(1, "a").getFirst();
        rig.admit(2, "a");
        rig.admit(3, "a");
        return lane;
    }

    private Decision fail(Lane lane, Kind kind) {
        return rig.end(rig.failed(lane, rig.take(lane), failure(kind))).decision();
    }

    private Decision answer(Lane lane, ItemEnd... ends) {
        return rig.end(rig.answered(lane, rig.take(lane), ends)).decision();
    }

    private static MachineRig rig(int batch) {
        return new MachineRig(Rules.of(MANY, BatchPolicy.of(batch), THREE));
    }

    private static String word(Decision decision) {
        MeteringLine line = decision.metering().orElseThrow();
        return line.attempt() + " " + line.outcome();
    }

    private static List<Condition> conditions(Decision decision) {
        var conditions = new ArrayList<Condition>();
        for (Decision.Settled settled : decision.settled()) {
            if (settled.outcome() instanceof Outcome.Failed(var condition, _)) {
                conditions.add(condition);
            }
        }
        return Collections.unmodifiableList(conditions);
    }
}
