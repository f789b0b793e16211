package io.millrace.engine.delivery;

import static io.millrace.engine.delivery.MachineRig.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.delivery.MachineRig.Rules;
import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.Work;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.Outcome;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** One poison event in a batch of a hundred, at every place (DEF-7). */
final class BisectionTest {
    private static final int EVENTS = 100;
    private static final Duration DELAY = Duration.ofMillis(100);

    private final List<Long> succeeded = new ArrayList<>();
    private final List<Decision.Settled> dead = new ArrayList<>();
    private int invocations;

    @Test
    void shouldFindThePoisonInFifteenInvocations() {
        for (long poison = 0; poison < EVENTS; poison++) {
            deliver(poison, rules(1, MachineRig.IN_MEMORY), Duration.ZERO);
            assertThat(invocations).as("poison at %s", poison).isLessThanOrEqualTo(15);
            assertThat(succeeded).as("in their order").hasSize(99).isSorted();
            assertThat(dead).hasSize(1);
            assertThat(dead.getFirst().event().offset()).isEqualTo(poison);
            assertThat(dead.getFirst().strikes()).isEqualTo(1);
        }
    }

    @Test
    void shouldRetryOnlyThePoison() {
        for (long poison = 0; poison < EVENTS; poison += 9) {
            deliver(poison, rules(4, MachineRig.IN_MEMORY), Duration.ZERO);
            assertThat(invocations).as("poison at %s", poison).isLessThanOrEqualTo(15 + 3);
            assertThat(succeeded).hasSize(99).isSorted();
            assertThat(dead.getFirst().strikes()).isEqualTo(4);
        }
    }

    /** So slow that what is tried for long is parked on the way. */
    @Test
    void shouldNotTryAFailedBatchWholeAgainWhenItIsParked() {
        for (long poison = 0; poison < EVENTS; poison += 9) {
            deliver(poison, rules(1, ParkingLimits.DEFAULT), Duration.ofMillis(300));
            assertThat(invocations).as("poison at %s", poison).isLessThanOrEqualTo(15);
            assertThat(succeeded).hasSize(99).isSorted();
            assertThat(dead).hasSize(1);
        }
    }

    private static Rules rules(int maxAttempts, ParkingLimits limits) {
        return Rules.of(
                        LanePolicy.BY_PARTITION,
                        BatchPolicy.of(EVENTS),
                        RetryPolicy.of(maxAttempts, DELAY, DELAY).withBisect())
                .withLimits(limits);
    }

    private void deliver(long poison, Rules rules, Duration eachTakes) {
        succeeded.clear();
        dead.clear();
        invocations = 0;
        var rig = new MachineRig(rules);
        Lane lane = rig.admit(0, "k").getFirst();
        for (long offset = 1; offset < EVENTS; offset++) {
            rig.admit(offset, "k");
        }
        var ready = new ArrayDeque<>(List.of(lane));
        while (!ready.isEmpty()) {
            ready.remove();
            @Nullable Work work = rig.take(lane);
            while (work != null) {
                rig.time.advance(eachTakes);
                MachineRig.Ended ended = invoke(rig, lane, work, poison);
                ready.addAll(ended.runnable());
                work = ended.next();
            }
            if (ready.isEmpty() && rig.machine.nextDue() != Long.MAX_VALUE) {
                ready.addAll(rig.skip());
            }
        }
        assertThat(rig.machine.unfinished()).isZero();
        assertThat(rig.machine.parked()).isZero();
        assertThat(rig.store.entries).isEmpty();
    }

    private MachineRig.Ended invoke(MachineRig rig, Lane lane, Work work, long poison) {
        invocations++;
        AttemptReport report =
                offsets(work).contains(poison)
                        ? rig.failed(lane, work, Samples.FAILURE)
                        : rig.succeeded(lane, work);
        MachineRig.Ended ended = rig.end(report);
        for (Decision.Settled settled : ended.decision().settled()) {
            if (settled.outcome() instanceof Outcome.Failed) {
                dead.add(settled);
            } else {
                succeeded.add(settled.event().offset());
            }
        }
        return Objects.requireNonNull(ended);
    }
}
