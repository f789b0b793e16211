package io.millrace.engine.delivery;

import static io.millrace.engine.model.Samples.failure;
import static io.millrace.engine.model.Samples.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.LaneTable;
import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.Failure.Kind;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.MeteringLine;
import io.millrace.engine.model.Outcome;
import io.millrace.engine.model.Outcome.Condition;
import io.millrace.engine.model.RequestId;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;
import io.millrace.engine.offsets.FinishedSet;
import io.millrace.engine.offsets.PartitionEpoch;
import io.millrace.engine.outcome.DispositionRule;
import io.millrace.engine.time.ManualTimeSource;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

final class DeliveryMachineTest {
    private static final Duration DELAY = Duration.ofSeconds(1);
    private static final ItemEnd DONE = new ItemEnd.Done(output("ok"));
    private static final ItemEnd FAILED = new ItemEnd.Failed(Samples.FAILURE);

    private final ManualTimeSource time = new ManualTimeSource();
    private final PartitionEpoch epoch =
            new PartitionEpoch(Samples.PARTITION, FinishedSet.empty(0));
    private final LaneTable lanes = new LaneTable(1_024);
    private final DeliveryMachine machine =
            new DeliveryMachine(
                    epoch,
                    lanes,
                    new DispositionRule(RetryPolicy.of(3, DELAY, DELAY), new SplittableRandom(1)));

    @Test
    void shouldGiveALaneToRunOnlyWhenItHadNothingToDo() {
        assertThat(admit(1, "a")).hasSize(1);
        assertThat(admit(2, "a")).isEmpty();
        assertThat(admit(3, "b")).hasSize(1);
        assertThat(machine.unfinished()).isEqualTo(3);
        assertThat(machine.queuedBytes()).isEqualTo(3L * Samples.event(1, "a").sizeInBytes());
    }

    @Test
    void shouldSkipWhatIsSettled() {
        admit(1, "a");
        assertThat(machine.isSettled(1)).isTrue();
        assertThat(machine.isSettled(2)).isFalse();
    }

    @Test
    void shouldSettleASuccess() {
        Lane lane = admit(1, "a").getFirst();
        Decision decision = machine.decide(report(lane, take(lane, 1), completed(DONE)));
        assertThat(decision.settled())
                .containsExactly(
                        new Decision.Settled(
                                Samples.event(1, "a"), new Outcome.Succeeded(output("ok"))));
        assertThat(decision.retry()).isEmpty();
        assertThat(words(decision)).containsExactly("1 SUCCEEDED");
        assertThat(machine.unfinished()).as("nothing is done yet").isEqualTo(1);
        apply(lane, decision);
        assertThat(machine.unfinished()).isZero();
        assertThat(machine.queuedBytes()).isZero();
        assertThat(lanes.size()).as("the lane is forgotten").isZero();
    }

    @Test
    void shouldRefuseToApplyADecisionTwice() {
        Lane lane = admit(1, "a").getFirst();
        Decision decision = machine.decide(report(lane, take(lane, 1), completed(DONE)));
        apply(lane, decision);
        assertThatThrownBy(() -> machine.apply(decision, time.nanos()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldTryAFailedAttemptAgainAfterADelay() {
        Lane lane = admit(1, "a").getFirst();
        admit(2, "a");
        Lane.Work first = take(lane, 1);
        Decision decision = fail(lane, first, new AttemptEnd.Failed(Samples.FAILURE));
        assertThat(decision.settled()).isEmpty();
        assertThat(decision.metering()).isEmpty();
        assertThat(machine.retriesWaiting()).isEqualTo(1);
        assertThat(machine.unfinished()).isEqualTo(2);

        assertThat(machine.due(time.nanos())).isEmpty();
        long wait = machine.nextDue() - time.nanos();
        assertThat(wait).isBetween(DELAY.toNanos() / 2, DELAY.toNanos());
        time.advance(Duration.ofNanos(wait - 1));
        assertThat(machine.due(time.nanos())).isEmpty();
        time.advance(Duration.ofNanos(1));
        assertThat(machine.due(time.nanos())).containsExactly(lane);
        assertThat(machine.nextDue()).isEqualTo(Long.MAX_VALUE);

        Lane.Work second = take(lane, 1);
        assertThat(second).isEqualTo(new Lane.Work(first.events(), 2));
        Decision settled = machine.decide(report(lane, second, completed(DONE)));
        assertThat(words(settled)).containsExactly("1 FAILED", "2 SUCCEEDED");
    }

    @Test
    void shouldMakeADeadLetterOfTheLastFailedAttempt() {
        Lane lane = admit(1, "a").getFirst();
        Lane.Work work = take(lane, 1);
        for (int attempt = 1; attempt < 3; attempt++) {
            fail(lane, work, new AttemptEnd.Failed(failure(Kind.TIMED_OUT)));
            time.advance(DELAY);
            assertThat(machine.due(time.nanos())).containsExactly(lane);
            work = take(lane, 1);
        }
        Decision decision = fail(lane, work, new AttemptEnd.Failed(failure(Kind.TIMED_OUT)));
        assertThat(conditions(decision)).containsExactly(Condition.RETRY_ATTEMPTS_EXHAUSTED);
        assertThat(words(decision)).containsExactly("1 TIMED_OUT", "2 TIMED_OUT", "3 TIMED_OUT");
        assertThat(machine.unfinished()).isZero();
        assertThat(lanes.size()).isZero();
    }

    @Test
    void shouldGoOnWithTheLaneAfterADeadLetter() {
        Lane lane = admit(1, "a").getFirst();
        admit(2, "a");
        AttemptReport report = report(lane, take(lane, 1), completed(failed(Kind.NON_RETRYABLE)));
        lane.rest();
        Decision decision = machine.decide(report);
        assertThat(conditions(decision)).containsExactly(Condition.NON_RETRYABLE);
        assertThat(machine.apply(decision, time.nanos())).containsExactly(lane);
    }

    @Test
    void shouldTryTheRestOfABatchAgainFromTheFirstFailedEventOn() {
        Lane lane = admit(1, "a").getFirst();
        admit(2, "a");
        admit(3, "a");
        Decision decision = fail(lane, take(lane, 3), completed(DONE, FAILED, DONE));
        assertThat(offsets(decision)).containsExactly(1L);
        assertThat(decision.retry().orElseThrow().work())
                .isEqualTo(new Lane.Work(List.of(Samples.event(2, "a"), Samples.event(3, "a")), 2));
        assertThat(words(decision)).containsExactly("1 PARTLY_FAILED");
        assertThat(machine.unfinished()).isEqualTo(2);

        time.advance(DELAY);
        machine.due(time.nanos());
        Decision second = machine.decide(report(lane, take(lane, 3), completed(DONE, DONE)));
        assertThat(offsets(second)).containsExactly(2L, 3L);
        // The line of the first attempt has been written with event 1.
        assertThat(words(second)).containsExactly("2 SUCCEEDED");
    }

    @Test
    void shouldSettleEventsAroundOneThatCannotGetBetter() {
        Lane lane = admit(1, "a").getFirst();
        admit(2, "a");
        admit(3, "a");
        Decision decision =
                fail(lane, take(lane, 3), completed(DONE, failed(Kind.UNDECODABLE), DONE));
        assertThat(offsets(decision)).containsExactly(1L, 2L, 3L);
        assertThat(conditions(decision)).containsExactly(Condition.DECODE_ERROR);
        assertThat(decision.retry()).isEmpty();
    }

    @Test
    void shouldMakeDeadLettersOfAWholeBatchThatFailedForTheLastTime() {
        Lane lane = admit(1, "a").getFirst();
        admit(2, "a");
        Lane.Work work = take(lane, 2);
        Decision decision =
                fail(lane, new Lane.Work(work.events(), 3), new AttemptEnd.Failed(Samples.FAILURE));
        assertThat(offsets(decision)).containsExactly(1L, 2L);
        assertThat(conditions(decision)).hasSize(2);
    }

    @Test
    void shouldKeepTheLinesOfFailedAttemptsUntilSomethingIsSettled() {
        Lane lane = admit(1, "a").getFirst();
        admit(2, "a");
        assertThat(fail(lane, take(lane, 2), completed(FAILED, DONE)).metering()).isEmpty();
        time.advance(DELAY);
        machine.due(time.nanos());
        Decision second = fail(lane, take(lane, 2), completed(DONE, FAILED));
        assertThat(words(second)).containsExactly("1 PARTLY_FAILED", "2 PARTLY_FAILED");
        time.advance(DELAY);
        machine.due(time.nanos());
        Decision third = fail(lane, take(lane, 2), completed(FAILED));
        assertThat(words(third)).containsExactly("3 FAILED");
        assertThat(conditions(third)).containsExactly(Condition.RETRY_ATTEMPTS_EXHAUSTED);
    }

    @Test
    void shouldNotMixTheLinesOfTwoLanes() {
        Lane a = admit(1, "a").getFirst();
        Lane b = admit(2, "b").getFirst();
        fail(a, take(a, 1), new AttemptEnd.Failed(Samples.FAILURE));
        Decision other = machine.decide(report(b, take(b, 1), completed(DONE)));
        assertThat(words(other)).containsExactly("1 SUCCEEDED");
        apply(b, other);
        time.advance(DELAY);
        machine.due(time.nanos());
        Decision second = machine.decide(report(a, take(a, 1), completed(DONE)));
        assertThat(words(second)).containsExactly("1 FAILED", "2 SUCCEEDED");
    }

    @Test
    void shouldNeitherCountNorMeterAnAttemptThatNeverReachedTheHandler() {
        Lane lane = admit(1, "a").getFirst();
        AttemptEnd away = new AttemptEnd.Failed(failure(Kind.UNAVAILABLE));
        for (int outage = 0; outage < 5; outage++) {
            Lane.Work work = take(lane, 1);
            assertThat(work.attempt()).isEqualTo(1);
            lane.rest();
            Decision decision = machine.decide(report(lane, work, away, 0));
            assertThat(decision.retry()).isPresent();
            machine.apply(decision, time.nanos());
            time.advance(DELAY);
            assertThat(machine.due(time.nanos())).containsExactly(lane);
        }
        Decision settled = machine.decide(report(lane, take(lane, 1), completed(DONE)));
        assertThat(words(settled)).containsExactly("1 SUCCEEDED");
    }

    @Test
    void shouldNotMeterWhatWasOnlyUndecodable() {
        Lane lane = admit(1, "a").getFirst();
        lane.take(1, 1_000, 10);
        lane.rest();
        var work = new Lane.Work(List.of(Samples.event(1, "a")), 1);
        Decision decision =
                machine.decide(report(lane, work, completed(failed(Kind.UNDECODABLE)), 0));
        assertThat(decision.metering()).isEmpty();
        assertThat(conditions(decision)).containsExactly(Condition.DECODE_ERROR);
    }

    @Test
    void shouldMeterWhatWasHandedToTheHandler() {
        Lane lane = admit(4, "a").getFirst();
        admit(9, "a");
        Lane.Work work = take(lane, 2);
        Decision decision =
                machine.decide(report(lane, work, completed(DONE, failed(Kind.UNDECODABLE)), 1));
        MeteringLine line = decision.metering().getFirst();
        assertThat(line.firstOffset()).isEqualTo(4);
        assertThat(line.lastOffset()).isEqualTo(9);
        assertThat(line.events()).isEqualTo(1);
        assertThat(line.duration()).isEqualTo(Duration.ofNanos(1_200_000));
        assertThat(line.billedMillis()).isEqualTo(2);
    }

    @Test
    void shouldChangeNothingWhenItOnlyDecides() {
        Lane lane = admit(1, "a").getFirst();
        AttemptReport report = report(lane, take(lane, 1), completed(FAILED));
        lane.rest();
        for (int i = 0; i < 3; i++) {
            Decision decision = machine.decide(report);
            assertThat(decision.retry().orElseThrow().work().attempt()).isEqualTo(2);
        }
        assertThat(machine.nextDue()).isEqualTo(Long.MAX_VALUE);
        assertThat(machine.retriesWaiting()).isZero();
    }

    @Test
    void shouldGiveRetriesInTheOrderOfTheirTimes() {
        var order = new ArrayList<Lane>();
        for (int i = 0; i < 20; i++) {
            Lane lane = admit(i, "k" + i).getFirst();
            fail(lane, take(lane, 1), completed(FAILED));
        }
        long last = time.nanos();
        while (machine.nextDue() != Long.MAX_VALUE) {
            long due = machine.nextDue();
            assertThat(due - last).as("the clock overflows on the way").isNotNegative();
            last = due;
            order.addAll(machine.due(due));
        }
        assertThat(order).doesNotHaveDuplicates().hasSize(20);
    }

    @Test
    void shouldReleaseHeldLanesWhenTheMarkMoves() {
        long limit = epoch.limit().get();
        Lane first = admit(0, "a").getFirst();
        Lane.Work work = take(first, 1);
        // More than 640 unfinished events, the last of them beyond the limit.
        for (long offset = 1; offset <= 700; offset++) {
            admit(limit + offset, "held");
        }
        Lane held = lanes.laneOf(Samples.event(limit + 1, "held"));
        assertThat(held.take(1, 1_000, epoch.limit().get())).isNotNull();
        assertThat(held.takeNext(() -> {}, 1_000, 10_000_000, epoch.limit().get())).isNotNull();
        assertThat(held.takeNext(() -> {}, 1, 1_000, epoch.limit().get())).isNull();
        assertThat(held.isHeld()).isTrue();
        Decision decision = machine.decide(report(first, work, completed(DONE)));
        assertThat(machine.apply(decision, time.nanos())).containsExactly(held);
    }

    private List<Lane> admit(long offset, String key) {
        return machine.admit(Samples.event(offset, key));
    }

    private Lane.Work take(Lane lane, int events) {
        return Objects.requireNonNull(lane.take(events, 1_000_000, epoch.limit().get()));
    }

    /** Rests the lane as its runner does, decides and applies. */
    private Decision fail(Lane lane, Lane.Work work, AttemptEnd end) {
        lane.rest();
        Decision decision = machine.decide(report(lane, work, end));
        machine.apply(decision, time.nanos());
        return decision;
    }

    /** Lets the lane go on as its runner does, and applies. */
    private void apply(Lane lane, Decision decision) {
        lane.takeNext(() -> {}, 1, 1_000_000, epoch.limit().get());
        machine.apply(decision, time.nanos());
    }

    private AttemptReport report(Lane lane, Lane.Work work, AttemptEnd end) {
        return report(lane, work, end, work.events().size());
    }

    private AttemptReport report(Lane lane, Lane.Work work, AttemptEnd end, int handled) {
        return new AttemptReport(
                lane,
                work,
                end,
                handled,
                new RequestId("r"),
                Samples.FUNCTION,
                new AttemptReport.Span(time.now(), Duration.ofNanos(1_200_000)));
    }

    private static AttemptEnd completed(ItemEnd... items) {
        return new AttemptEnd.Completed(List.of(items));
    }

    private static ItemEnd failed(Kind kind) {
        return new ItemEnd.Failed(failure(kind));
    }

    private static List<String> words(Decision decision) {
        return decision.metering().stream().map(l -> l.attempt() + " " + l.outcome()).toList();
    }

    private static List<Long> offsets(Decision decision) {
        return decision.settled().stream().map(s -> s.event().offset()).toList();
    }

    private static List<Condition> conditions(Decision decision) {
        var conditions = new ArrayList<Condition>();
        for (Decision.Settled settled : decision.settled()) {
            if (settled.outcome() instanceof Outcome.Failed(var condition, _)) {
                conditions.add(condition);
            }
        }
        return conditions;
    }
}
