package io.millrace.engine.delivery;

import static io.millrace.engine.delivery.MachineRig.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.Work;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Events that hold up what is committed behind them. */
final class StragglersTest {
    private static final LanePolicy LANES = LanePolicy.byKey(LanePolicy.LANE_PER_KEY);
    private static final Duration LONG = Duration.ofSeconds(10);

    /** Events that fit behind one that does not end, as {@code DispatchLimit} has it. */
    private static final int SPAN = 22_000;

    private static final int FEW = 700;

    private final Map<Long, RawEvent> running = new HashMap<>();

    @Test
    void shouldCopyARunningEventThatKeepsOthersFromStarting() {
        MachineRig rig = rig(ParkingLimits.DEFAULT);
        Work straggler = heldUpBy(rig, "slow");

        copyLater(rig);

        assertThat(rig.store.entries).containsOnlyKeys(0L);
        assertThat(rig.committed().mark()).as("the mark has moved on").isEqualTo(SPAN);
        assertThat(rig.epoch.headroom()).isPositive();
        // What comes of it settles the copy.
        rig.end(rig.succeeded(rig.lanes.lane(laneOf(rig, "slow")), straggler));
        assertThat(rig.store.entries).isEmpty();
        assertThat(rig.machine.parked()).isZero();
    }

    @Test
    void shouldCopyNothingThatHoldsUpNobody() {
        MachineRig rig = rig(ParkingLimits.DEFAULT);
        Work slow = rig.take(rig.admit(0, "slow").getFirst());
        running.put(0L, slow.events().getFirst());
        for (int i = 1; i < FEW; i++) {
            succeed(rig, i);
        }

        copyLater(rig);
        assertThat(rig.store.entries).isEmpty();
    }

    @Test
    void shouldCopyNothingWithoutRoom() {
        MachineRig rig = rig(MachineRig.IN_MEMORY);
        heldUpBy(rig, "slow");

        copyLater(rig);
        assertThat(rig.store.entries).isEmpty();
        assertThat(rig.machine.unfinished()).isEqualTo(1 + FEW);
    }

    @Test
    void shouldCopyTheEventsThatWaitBehindAStragglerInItsLane() {
        MachineRig rig = rig(ParkingLimits.DEFAULT);
        Lane lane = rig.admit(0, "slow").getFirst();
        Work head = rig.take(lane);
        running.put(0L, head.events().getFirst());
        rig.admit(1, "slow");
        fillUp(rig, 2);

        copyLater(rig);

        assertThat(rig.store.entries).containsOnlyKeys(0L, 1L);
        Work next = Objects.requireNonNull(rig.end(rig.succeeded(lane, head)).next());
        assertThat(offsets(next)).containsExactly(1L);
        rig.end(rig.succeeded(lane, next));
        assertThat(rig.store.entries).isEmpty();
    }

    @Test
    void shouldRunACopiedEventFirstAfterACrashAndSkipItWhereItStood() {
        MachineRig rig = rig(ParkingLimits.DEFAULT);
        heldUpBy(rig, "slow");
        copyLater(rig);

        MachineRig next = rig.afterCrash();

        assertThat(next.machine.isSettled(0)).isTrue();
        List<Lane> due = next.due();
        assertThat(due).hasSize(1);
        Work again = next.take(due.getFirst());
        assertThat(offsets(again)).containsExactly(0L);
        assertThat(next.end(next.succeeded(due.getFirst(), again)).decision().settled()).hasSize(1);
        assertThat(next.store.entries).isEmpty();
    }

    @Test
    void shouldKeepTheCopyOfAnEventThatIsTriedAgain() {
        MachineRig rig = rig(ParkingLimits.DEFAULT);
        Work straggler = heldUpBy(rig, "slow");
        copyLater(rig);
        Lane lane = rig.lanes.lane(laneOf(rig, "slow"));

        rig.end(rig.failed(lane, straggler, Samples.failure(Failure.Kind.FUNCTION_ERROR)));

        assertThat(rig.store.get(0).orElseThrow().event()).isPresent();
        assertThat(rig.store.get(0).orElseThrow().progress().attempts()).isEqualTo(1);
        rig.skip();
        Work again = rig.take(lane);
        assertThat(again.attempt()).isEqualTo(2);
        rig.end(rig.succeeded(lane, again));
        assertThat(rig.store.entries).isEmpty();
    }

    @Test
    void shouldCopyAnEventThatItsTopicIsGoingToDelete() {
        MachineRig rig = rig(ParkingLimits.DEFAULT.withRetention(Duration.ofMinutes(2)));
        RawEvent young = Samples.event(0, "slow");
        RawEvent event =
                new RawEvent(
                        young.position(),
                        young.key(),
                        young.value(),
                        young.headers(),
                        rig.time.now().toEpochMilli());
        rig.machine.admit(event, rig.now());
        assertThat(copy(rig)).isEmpty();
        rig.time.advance(Duration.ofSeconds(31));
        assertThat(copy(rig)).as("young enough").isEmpty();
        rig.time.advance(Duration.ofSeconds(30));
        assertThat(copy(rig)).as("older than half of two minutes").isPresent();
        assertThat(rig.store.entries).containsOnlyKeys(0L);
    }

    private static long laneOf(MachineRig rig, String key) {
        return rig.lanes.idOf(Samples.event(0, key));
    }

    /** An event runs while so many others come and go that the next ones have to wait. */
    private Work heldUpBy(MachineRig rig, String key) {
        Lane lane = rig.admit(0, key).getFirst();
        Work straggler = rig.take(lane);
        running.put(0L, straggler.events().getFirst());
        fillUp(rig, 1);
        return straggler;
    }

    private static void fillUp(MachineRig rig, int from) {
        for (int i = from; i < SPAN; i++) {
            succeed(rig, i);
        }
        for (int i = SPAN; i < SPAN + FEW; i++) {
            rig.admit(i, "k" + i);
        }
        assertThat(rig.epoch.headroom()).as("some wait").isNegative();
    }

    private static void succeed(MachineRig rig, long offset) {
        Lane lane = rig.admit(offset, "k" + offset).getFirst();
        rig.end(rig.succeeded(lane, rig.take(lane)));
    }

    /** Everything has been there for a while by then. */
    private void copyLater(MachineRig rig) {
        assertThat(copy(rig)).isEmpty();
        rig.time.advance(Duration.ofSeconds(1));
        copy(rig);
    }

    private Optional<List<Lane>> copy(MachineRig rig) {
        return rig.machine.copyStragglers(
                offset -> Optional.ofNullable(running.get(offset)), rig.now());
    }

    private static MachineRig rig(ParkingLimits limits) {
        return new MachineRig(
                MachineRig.Rules.of(LANES, BatchPolicy.SINGLE, RetryPolicy.of(3, LONG, LONG))
                        .withLimits(limits));
    }
}
