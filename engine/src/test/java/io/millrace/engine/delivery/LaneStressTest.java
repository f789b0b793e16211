package io.millrace.engine.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.decode.EventDecoder;
import io.millrace.engine.decode.SchemaLookup;
import io.millrace.engine.execute.Dispatcher;
import io.millrace.engine.execute.InvocationThreads;
import io.millrace.engine.execute.Invoker;
import io.millrace.engine.execute.ManualDeadlines;
import io.millrace.engine.execute.OutcomeQueue;
import io.millrace.engine.execute.RateLimit;
import io.millrace.engine.execute.RunningAttempts;
import io.millrace.engine.lane.LaneTable;
import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.Invocation;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.Output;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;
import io.millrace.engine.offsets.FinishedSet;
import io.millrace.engine.offsets.PartitionEpoch;
import io.millrace.engine.outcome.CircuitBreaker;
import io.millrace.engine.outcome.RetryRule;
import io.millrace.engine.time.SystemTimeSource;
import io.millrace.engine.time.TimeSource;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Real threads: this one is the stream thread, virtual ones run the lanes. What is looked for are
 * lost releases (the run stands still) and reports of a lane that overtake each other.
 */
final class LaneStressTest {
    private static final int KEYS = 40;
    private static final BatchPolicy BATCH = BatchPolicy.of(3);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TimeSource time = new SystemTimeSource();
    private final PartitionEpoch epoch =
            new PartitionEpoch(Samples.PARTITION, FinishedSet.empty(0));
    private final OutcomeQueue<AttemptReport> reports = new OutcomeQueue<>(() -> {});
    private final LaneTable lanes = new LaneTable(LanePolicy.byKey(64), 8);
    private final Map<String, Long> lastOfKey = new HashMap<>();
    private int settled;

    /** Gaps make the dispatch limit hold lanes; the oldest event is settled late. */
    @Test
    void shouldNeitherLoseARaisedLimitNorMixUpALane() {
        run(30_000, 60, 1_500, 8);
    }

    /** Lanes run dry all the time: the race is between their last report and their next event. */
    @Test
    void shouldKeepOrderWhileLanesComeAndGo() {
        run(25_000, 1, 20, 4);
    }

    private void run(int events, int stride, int mostUnfinished, int permits) {
        RetryPolicy retry = RetryPolicy.of(4, Duration.ZERO, Duration.ZERO);
        var random = new SplittableRandom(7);
        var machine = machine(retry, random);
        EpochWork work = work(machine, retry, permits);
        long until = time.nanos() + PATIENCE.toNanos();
        long next = 0;
        int admitted = 0;
        while (settled < events) {
            assertThat(time.nanos() - until)
                    .as("stands still at %s of %s, held %s", settled, events, machine.unfinished())
                    .isNegative();
            if (admitted < events && machine.unfinished() < mostUnfinished) {
                String key = "k" + random.nextInt(KEYS);
                machine.admit(Samples.event(next, key), now()).forEach(work::run);
                next += stride;
                admitted++;
            }
            // The report of an old event stays unapplied now and then, so that the limit matters.
            if (machine.unfinished() >= mostUnfinished || random.nextInt(8) > 0) {
                apply(machine, work);
            }
            machine.due(now()).forEach(work::run);
        }
        assertThat(machine.unfinished()).isZero();
        assertThat(machine.queuedBytes()).isZero();
        assertThat(machine.alarms()).isZero();
        assertThat(lanes.size()).as("lanes that were not forgotten").isZero();
        assertThat(work.services().attempts().count()).isZero();
    }

    private void apply(DeliveryMachine machine, EpochWork work) {
        AttemptReport report = reports.peek();
        if (report == null) {
            return;
        }
        Decision decision = machine.decide(report, now());
        for (Decision.Settled one : decision.settled()) {
            String key = one.event().key().text();
            Long before = lastOfKey.put(key, one.event().offset());
            assertThat(before == null || before < one.event().offset())
                    .as("key %s: %s after %s", key, one.event().offset(), before)
                    .isTrue();
            settled++;
        }
        machine.apply(decision, now()).forEach(work::run);
        reports.remove();
    }

    private DeliveryMachine machine(RetryPolicy retry, SplittableRandom random) {
        return new DeliveryMachine(
                epoch,
                lanes,
                new DeliveryMachine.Setup(
                        new RetryRule(retry, random),
                        BATCH,
                        BATCH::maxEvents,
                        new CircuitBreaker(Optional.empty()),
                        new MemoryParkingStore(),
                        MachineRig.IN_MEMORY,
                        Repeats.NONE));
    }

    private Moment now() {
        return Moment.of(time);
    }

    private EpochWork work(DeliveryMachine machine, RetryPolicy retry, int permits) {
        var invoker =
                new Invoker() {
                    @Override
                    public AttemptEnd invoke(Invocation invocation) {
                        long offset = invocation.events().getFirst().raw().offset();
                        return offset % 17 == 3 && invocation.attempt() < 3
                                ? new AttemptEnd.Failed(Samples.FAILURE)
                                : new AttemptEnd.Completed(
                                        invocation.events().stream()
                                                .<ItemEnd>map(_ -> new ItemEnd.Done(Output.NONE))
                                                .toList());
                    }

                    @Override
                    public boolean isBatch() {
                        return true;
                    }

                    @Override
                    public void close() {}
                };
        var services =
                new EpochWork.Services(
                        new Dispatcher(
                                permits,
                                RateLimit.none(time),
                                InvocationThreads.forTrigger("stress")),
                        new RunningAttempts(time, new ManualDeadlines()),
                        new EventDecoder(_ -> new SchemaLookup.Found.Unusable("not asked for")),
                        Screen.OPEN,
                        () -> new FunctionHandle(Samples.FUNCTION, invoker),
                        time);
        return new EpochWork(
                Samples.trigger(64, BATCH.maxEvents(), retry),
                epoch,
                machine.cut(),
                reports,
                new ConcurrentLinkedQueue<>(),
                services,
                () -> false);
    }
}
