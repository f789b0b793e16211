package io.millrace.engine.delivery;

import static io.millrace.engine.delivery.MachineRig.done;
import static io.millrace.engine.delivery.MachineRig.failedItem;
import static io.millrace.engine.delivery.MachineRig.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.delivery.MachineRig.Ended;
import io.millrace.engine.delivery.MachineRig.Rules;
import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.Progress;
import io.millrace.engine.lane.Work;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.Failure.Kind;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.LoadPolicy;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;
import io.millrace.engine.offsets.FinishedSet;
import io.millrace.engine.outcome.CircuitBreaker;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

final class DeliveryMachineParkingTest {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final LanePolicy MANY = LanePolicy.byKey(1_024);

    @Test
    void shouldParkALaneThatWaitsLongAndFinishItsOffsets() {
        MachineRig rig = rig(MANY, 1, LONG, ParkingLimits.DEFAULT);
        Lane lane = rig.admit(1, "a").getFirst();
        rig.admit(2, "a");
        rig.admit(3, "a");
        assertThat(fail(rig, lane).runnable()).isEmpty();
        assertThat(rig.store.entries).containsOnlyKeys(1L, 2L, 3L);
        assertThat(rig.store.get(1).orElseThrow().progress().attempts()).isEqualTo(1);
        assertThat(rig.store.get(2).orElseThrow().progress()).isEqualTo(Progress.NONE);
        assertThat(rig.store.entries.values()).allMatch(entry -> entry.event().isPresent());
        assertThat(rig.machine.unfinished()).as("they hold up nothing").isZero();
        assertThat(rig.machine.queuedBytes()).isZero();
        assertThat(rig.machine.parked()).isEqualTo(3);
        assertThat(rig.committed()).isEqualTo(FinishedSet.empty(4));
    }

    @Test
    void shouldRunAParkedLaneInItsOrderAndLeaveNothingBehind() {
        MachineRig rig = rig(MANY, 1, LONG, ParkingLimits.DEFAULT);
        Lane lane = rig.admit(1, "a").getFirst();
        rig.admit(2, "a");
        rig.admit(3, "a");
        fail(rig, lane);
        assertThat(rig.due()).isEmpty();
        assertThat(rig.skip()).containsExactly(lane);
        Work head = rig.take(lane);
        assertThat(offsets(head)).containsExactly(1L);
        assertThat(head.attempt()).isEqualTo(2);
        assertThat(head.parked()).isTrue();
        // Not before the stream thread has settled the head does the next one run.
        assertThat(rig.end(rig.succeeded(lane, head)).runnable()).containsExactly(lane);
        assertThat(succeed(rig, lane).runnable()).containsExactly(lane);
        assertThat(succeed(rig, lane).runnable()).isEmpty();
        assertThat(rig.store.entries).isEmpty();
        assertThat(rig.machine.parked()).isZero();
        assertThat(rig.machine.parkedBytes()).isZero();
        assertThat(rig.lanes.size()).as("the lane is forgotten").isZero();
        assertThat(rig.machine.nextDue()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldNotDisturbTheNeighboursOfAParkedLane() {
        MachineRig rig = rig(MANY, 1, LONG, ParkingLimits.DEFAULT);
        Lane parked = rig.admit(1, "a").getFirst();
        Lane other = rig.admit(2, "b").getFirst();
        rig.admit(3, "b");
        fail(rig, parked);
        assertThat(rig.store.entries).containsOnlyKeys(1L);
        Ended ended = rig.end(rig.succeeded(other, rig.take(other)));
        assertThat(offsets(Objects.requireNonNull(ended.next()))).containsExactly(3L);
        rig.end(rig.succeeded(other, ended.next()));
        assertThat(rig.machine.unfinished()).isZero();
        assertThat(rig.machine.isSettled(1)).isTrue();
    }

    @Test
    void shouldParkWhatArrivesForAParkedLaneBehindIt() {
        MachineRig rig = rig(MANY, 1, LONG, ParkingLimits.DEFAULT);
        Lane lane = rig.admit(1, "a").getFirst();
        fail(rig, lane);
        assertThat(rig.admit(2, "a")).isEmpty();
        assertThat(rig.machine.hasArrivals()).isTrue();
        assertThat(rig.store.entries).as("not outside of the drain").containsOnlyKeys(1L);
        rig.machine.park();
        assertThat(rig.machine.hasArrivals()).isFalse();
        assertThat(rig.store.entries).containsOnlyKeys(1L, 2L);
        assertThat(rig.machine.unfinished()).isZero();
        rig.skip();
        assertThat(succeed(rig, lane).runnable()).containsExactly(lane);
        assertThat(offsets(rig.take(lane))).containsExactly(2L);
    }

    @Test
    void shouldKeepTheOrderOfWhatArrivesWhileTheParkedHeadRuns() {
        MachineRig rig = rig(MANY, 1, LONG, ParkingLimits.DEFAULT);
        Lane lane = rig.admit(1, "a").getFirst();
        fail(rig, lane);
        rig.skip();
        Work head = rig.take(lane);
        rig.admit(2, "a");
        Ended ended = rig.end(rig.succeeded(lane, head));
        assertThat(ended.runnable()).as("it was parked while the head ran").containsExactly(lane);
        assertThat(offsets(rig.take(lane))).containsExactly(2L);
    }

    @Test
    void shouldWaitInMemoryWhenThereIsNoRoom() {
        MachineRig rig = rig(MANY, 1, LONG, room(0));
        Lane lane = rig.admit(1, "a").getFirst();
        rig.admit(2, "a");
        fail(rig, lane);
        assertThat(rig.machine.parked()).isZero();
        assertThat(rig.machine.unfinished()).isEqualTo(2);
        assertThat(rig.store.get(1).orElseThrow().event()).as("a note only").isEmpty();
        assertThat(rig.skip()).containsExactly(lane);
        Ended ended = succeed(rig, lane);
        assertThat(offsets(Objects.requireNonNull(ended.next()))).containsExactly(2L);
        assertThat(rig.store.entries).isEmpty();
    }

    @Test
    void shouldNotParkAnythingBehindWhatFoundNoRoom() {
        MachineRig rig = rig(MANY, 1, LONG, room(2));
        Lane lane = rig.admit(1, "a").getFirst();
        rig.admit(2, "a");
        rig.admit(3, "a");
        fail(rig, lane);
        assertThat(rig.store.entries).containsOnlyKeys(1L, 2L);
        assertThat(rig.machine.unfinished()).as("3 waits in its lane").isEqualTo(1);
        rig.skip();
        succeed(rig, lane);
        // There is room again, but 4 must not overtake 3.
        rig.admit(4, "a");
        rig.machine.park();
        assertThat(rig.store.entries).containsOnlyKeys(2L);
        assertThat(run(rig, lane)).containsExactly(2L, 3L, 4L);
        assertThat(rig.store.entries).isEmpty();
        assertThat(rig.machine.unfinished()).isZero();
    }

    @Test
    void shouldParkAgainWithADueTimeOfItsOwn() {
        MachineRig rig = rig(MANY, 1, LONG, ParkingLimits.DEFAULT);
        Lane lane = rig.admit(1, "a").getFirst();
        rig.admit(2, "a");
        fail(rig, lane);
        rig.skip();
        fail(rig, lane);
        ParkedEvent head = rig.store.get(1).orElseThrow();
        assertThat(head.progress().attempts()).isEqualTo(2);
        long wait = head.dueAt() - rig.now().millis();
        assertThat(wait).isBetween(LONG.toMillis() / 2, LONG.toMillis());
        assertThat(rig.due()).isEmpty();
        assertThat(rig.skip()).containsExactly(lane);
        assertThat(rig.take(lane).attempt()).isEqualTo(3);
    }

    @Test
    void shouldGoOnBehindAParkedEventThatIsGivenUp() {
        MachineRig rig = rig(MANY, 1, LONG, ParkingLimits.DEFAULT);
        Lane lane = rig.admit(1, "a").getFirst();
        rig.admit(2, "a");
        for (int attempt = 1; attempt < 3; attempt++) {
            fail(rig, lane);
            rig.skip();
        }
        assertThat(fail(rig, lane).runnable()).containsExactly(lane);
        assertThat(rig.store.entries).containsOnlyKeys(2L);
        assertThat(run(rig, lane)).containsExactly(2L);
    }

    @Test
    void shouldParkWhatWasTriedForLongHoweverShortTheDelay() {
        MachineRig rig =
                new MachineRig(
                        Rules.of(MANY, BatchPolicy.of(1), endless(SHORT))
                                .withLimits(ParkingLimits.DEFAULT));
        Lane lane = rig.admit(1, "a").getFirst();
        fail(rig, lane);
        assertThat(rig.machine.parked()).as("a short retry waits in its lane").isZero();
        long began = rig.now().millis();
        while (rig.machine.parked() == 0) {
            rig.skip();
            fail(rig, lane);
            assertThat(rig.now().millis() - began).isLessThanOrEqualTo(1_200);
        }
        assertThat(rig.now().millis() - began).isGreaterThanOrEqualTo(1_000);
        assertThat(rig.machine.unfinished()).isZero();
    }

    @Test
    void shouldParkOnlyTheFailedEventWhereNoOrderIsKept() {
        MachineRig rig = rig(LanePolicy.UNORDERED, 1, LONG, ParkingLimits.DEFAULT);
        Lane first = rig.admit(1, "a").getFirst();
        Lane second = rig.admit(2, "a").getFirst();
        rig.admit(3, "a");
        Ended ended = fail(rig, first);
        assertThat(rig.store.entries).containsOnlyKeys(1L);
        assertThat(ended.runnable()).as("it goes on with the others").containsExactly(first);
        assertThat(offsets(rig.take(first))).containsExactly(2L);
        assertThat(offsets(rig.take(second))).containsExactly(3L);
    }

    @Test
    void shouldRunAParkedEventBeforeTheOthersWhereNoOrderIsKept() {
        MachineRig rig = rig(LanePolicy.UNORDERED, 1, LONG, ParkingLimits.DEFAULT);
        Lane lane = rig.admit(1, "a").getFirst();
        fail(rig, lane);
        assertThat(rig.skip()).containsExactly(lane);
        rig.admit(2, "a");
        Work again = rig.take(lane);
        assertThat(offsets(again)).containsExactly(1L);
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.parked()).isTrue();
        Ended ended = rig.end(rig.succeeded(lane, again));
        assertThat(rig.store.entries).isEmpty();
        assertThat(offsets(Objects.requireNonNull(ended.next()))).containsExactly(2L);
    }

    /** An outage in a topic with gaps: more events wait for a retry than the limit allows. */
    @Test
    void shouldRunRetriesThoughEveryLaneIsHeldByTheLimit() {
        MachineRig rig = rig(LanePolicy.UNORDERED, 1, SHORT, MachineRig.IN_MEMORY);
        var ready = new ArrayDeque<Lane>();
        for (long event = 0; event < 1_000; event++) {
            ready.addAll(rig.admit(event * 100, "a"));
        }
        var held = new ArrayList<Lane>();
        while (!ready.isEmpty()) {
            Lane lane = ready.remove();
            Work work = rig.takeIfAny(lane);
            if (work == null) {
                held.add(lane);
            } else {
                ready.addAll(rig.end(away(rig, lane, work)).runnable());
            }
        }
        assertThat(held).isNotEmpty().allMatch(Lane::isHeld);
        List<Lane> runnable = rig.skip();
        assertThat(runnable).as("somebody has to run the retry").isNotEmpty();
        assertThat(rig.take(runnable.getFirst()).events()).isNotEmpty();
    }

    @Test
    void shouldGoOnAfterACrashWithCountsAndDueTimes() {
        MachineRig rig = rig(MANY, 1, LONG, ParkingLimits.DEFAULT);
        Lane lane = rig.admit(1, "a").getFirst();
        rig.admit(2, "a");
        fail(rig, lane);
        rig.time.advance(Duration.ofSeconds(2));
        long dueAt = rig.store.get(1).orElseThrow().dueAt();

        MachineRig next = rig.afterCrash();
        assertThat(next.machine.isSettled(1)).isTrue();
        assertThat(next.machine.isSettled(2)).isTrue();
        assertThat(next.machine.parked()).isEqualTo(2);
        assertThat(next.machine.parkedBytes()).isEqualTo(rig.machine.parkedBytes());
        assertThat(next.admit(4, "a")).as("behind what is parked").isEmpty();
        next.machine.park();
        assertThat(next.due()).as("not yet due").isEmpty();
        Lane restored = next.skip().getFirst();
        assertThat(next.now().millis()).isEqualTo(dueAt);
        Work head = next.take(restored);
        assertThat(offsets(head)).containsExactly(1L);
        assertThat(head.attempt()).isEqualTo(2);
        next.end(next.succeeded(restored, head));
        assertThat(run(next, restored)).containsExactly(2L, 4L);
        assertThat(next.store.entries).isEmpty();
    }

    @Test
    void shouldGoOnAfterACrashWhereNoOrderIsKept() {
        MachineRig rig = rig(LanePolicy.UNORDERED, 1, LONG, ParkingLimits.DEFAULT);
        Lane lane = rig.admit(1, "a").getFirst();
        fail(rig, lane);

        MachineRig next = rig.afterCrash();
        assertThat(next.machine.isSettled(1)).isTrue();
        Lane restored = next.skip().getFirst();
        Work again = next.take(restored);
        assertThat(again.attempt()).isEqualTo(2);
        next.end(next.succeeded(restored, again));
        assertThat(next.store.entries).isEmpty();
    }

    @Test
    void shouldRunAtOnceWhatFellDueWhileNobodyRan() {
        MachineRig rig = rig(MANY, 1, LONG, ParkingLimits.DEFAULT);
        fail(rig, rig.admit(1, "a").getFirst());
        rig.time.advance(Duration.ofDays(3));
        assertThat(rig.afterCrash().due()).hasSize(1);
    }

    @Test
    void shouldTakeParkedEventsThatCameEquallyFarAsOneBatch() {
        MachineRig rig = rig(MANY, 3, LONG, ParkingLimits.DEFAULT);
        Lane lane = rig.admit(1, "a").getFirst();
        for (long offset = 2; offset <= 6; offset++) {
            rig.admit(offset, "a");
        }
        fail(rig, lane);
        rig.skip();
        Work again = rig.take(lane);
        assertThat(offsets(again)).containsExactly(1L, 2L, 3L);
        rig.end(rig.succeeded(lane, again));
        assertThat(offsets(rig.take(lane))).containsExactly(4L, 5L, 6L);
    }

    @Test
    void shouldParkOnlyWhatIsLeftOfABatch() {
        MachineRig rig = rig(MANY, 3, LONG, ParkingLimits.DEFAULT);
        Lane lane = rig.admit(1, "a").getFirst();
        rig.admit(2, "a");
        rig.admit(3, "a");
        rig.end(
                rig.answered(
                        lane, rig.take(lane), done(), failedItem(Kind.FUNCTION_ERROR), done()));
        assertThat(rig.store.entries).containsOnlyKeys(2L, 3L);
        assertThat(rig.machine.unfinished()).isZero();
    }

    @Test
    void shouldNotParkForAnOutageThatNothingIsKnownAgainst() {
        MachineRig rig = rig(MANY, 1, LONG, ParkingLimits.DEFAULT);
        Lane lane = rig.admit(1, "a").getFirst();
        rig.end(away(rig, lane, rig.take(lane)));
        assertThat(rig.store.entries).isEmpty();
        assertThat(rig.machine.unfinished()).isEqualTo(1);
    }

    @Test
    void shouldTellTheBreakerAndForgiveWhileItIsOpen() {
        var breaker =
                new CircuitBreaker(
                        Optional.of(new LoadPolicy.Breaker(2, 100, Duration.ofSeconds(5))));
        var rig =
                new MachineRig(
                        Rules.of(MANY, BatchPolicy.of(1), RetryPolicy.of(2, SHORT, SHORT))
                                .withBreaker(breaker));
        Lane a = rig.admit(1, "a").getFirst();
        Lane b = rig.admit(2, "b").getFirst();
        Lane c = rig.admit(3, "c").getFirst();
        Work late = rig.take(c);
        fail(rig, a);
        assertThat(breaker.isOpen()).isFalse();
        fail(rig, b);
        assertThat(breaker.isOpen()).isTrue();
        Decision forgiven = rig.end(rig.failed(c, late, Samples.FAILURE)).decision();
        assertThat(forgiven.retained().getFirst().progress().strikes()).isZero();
    }

    /** Runs whatever the lane has until nothing is left, and says in which order. */
    private static List<Long> run(MachineRig rig, Lane lane) {
        var order = new ArrayList<Long>();
        Work work = rig.takeIfAny(lane);
        while (work != null) {
            order.addAll(offsets(work));
            Ended ended = rig.end(rig.succeeded(lane, work));
            work = ended.runnable().contains(lane) ? rig.takeIfAny(lane) : ended.next();
        }
        return order;
    }

    /** The handler was not called: something of the engine's own is away. */
    private static AttemptReport away(MachineRig rig, Lane lane, Work work) {
        return rig.report(lane, work, List.of(failedItem(Kind.UNAVAILABLE)), Optional.empty(), 0);
    }

    private static Ended fail(MachineRig rig, Lane lane) {
        return rig.end(rig.failed(lane, rig.take(lane), Samples.FAILURE));
    }

    private static Ended succeed(MachineRig rig, Lane lane) {
        return rig.end(rig.succeeded(lane, rig.take(lane)));
    }

    private static ParkingLimits room(int events) {
        ParkingLimits usual = ParkingLimits.DEFAULT;
        return new ParkingLimits(
                usual.inlineDelay(),
                usual.inlineTotal(),
                events,
                usual.maxBytes(),
                usual.maxEventBytes());
    }

    private static RetryPolicy endless(Duration delay) {
        return RetryPolicy.of(RetryPolicy.ENDLESS, delay, delay);
    }

    private static MachineRig rig(
            LanePolicy lanes, int batch, Duration delay, ParkingLimits limits) {
        RetryPolicy three = RetryPolicy.of(3, delay, delay);
        return new MachineRig(Rules.of(lanes, BatchPolicy.of(batch), three).withLimits(limits));
    }
}
