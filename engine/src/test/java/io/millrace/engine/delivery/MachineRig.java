package io.millrace.engine.delivery;

import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.LaneTable;
import io.millrace.engine.lane.Work;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.RequestId;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;
import io.millrace.engine.offsets.FinishedSet;
import io.millrace.engine.offsets.PartitionEpoch;
import io.millrace.engine.outcome.CircuitBreaker;
import io.millrace.engine.outcome.RetryRule;
import io.millrace.engine.time.ManualTimeSource;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;

/** A machine whose pool threads are played by the test, step by step. */
final class MachineRig {
    static final Duration TOOK = Duration.ofNanos(1_200_000);
    static final Duration HOUR = Duration.ofHours(1);

    /** Nothing is ever parked. */
    static final ParkingLimits IN_MEMORY = new ParkingLimits(HOUR, HOUR, 0, 0, 0);

    final Rules rules;
    final ManualTimeSource time;
    final MemoryParkingStore store;
    final PartitionEpoch epoch;
    final LaneTable lanes;
    final DeliveryMachine machine;

    /** How a partition is delivered. */
    record Rules(
            LanePolicy lanes,
            BatchPolicy batch,
            RetryPolicy retry,
            CircuitBreaker breaker,
            ParkingLimits limits) {
        static Rules of(LanePolicy lanes, BatchPolicy batch, RetryPolicy retry) {
            var breaker = new CircuitBreaker(Optional.empty());
            return new Rules(lanes, batch, retry, breaker, IN_MEMORY);
        }

        Rules withLimits(ParkingLimits others) {
            return new Rules(lanes, batch, retry, breaker, others);
        }

        Rules withBreaker(CircuitBreaker other) {
            return new Rules(lanes, batch, retry, other, limits);
        }
    }

    MachineRig(Rules rules) {
        this(rules, new ManualTimeSource(), new MemoryParkingStore(), FinishedSet.empty(0));
    }

    MachineRig(
            Rules rules, ManualTimeSource time, MemoryParkingStore store, FinishedSet recovered) {
        this.rules = rules;
        this.time = time;
        this.store = store;
        this.epoch = new PartitionEpoch(Samples.PARTITION, recovered);
        this.lanes = new LaneTable(rules.lanes(), 2);
        this.machine =
                new DeliveryMachine(
                        epoch,
                        lanes,
                        new DeliveryMachine.Setup(
                                new RetryRule(rules.retry(), new SplittableRandom(1)),
                                rules.batch(),
                                () -> rules.batch().maxEvents(),
                                rules.breaker(),
                                store,
                                rules.limits(),
                                Repeats.NONE));
        machine.restore(now());
    }

    /** What a new process makes of what is committed. */
    MachineRig afterCrash() {
        return new MachineRig(rules, time, store, committed());
    }

    /** What a commit would say now. */
    FinishedSet committed() {
        return epoch.tracker().toCommit(epoch.tracker().highest() + 1);
    }

    Moment now() {
        return Moment.of(time);
    }

    List<Lane> admit(long offset, String key) {
        return machine.admit(Samples.event(offset, key), now());
    }

    Work take(Lane lane) {
        return Objects.requireNonNull(takeIfAny(lane));
    }

    @Nullable Work takeIfAny(Lane lane) {
        return lane.take(
                rules.batch().maxEvents(), machine.cut(), epoch.limit().get(), time.nanos());
    }

    /** Waits until the next alarm rings. */
    List<Lane> skip() {
        time.advance(Duration.ofNanos(machine.nextDue() - time.nanos()));
        return due();
    }

    List<Lane> due() {
        return machine.due(now());
    }

    Decision decide(AttemptReport report) {
        return machine.decide(report, now());
    }

    /** Lets the lane rest or go on as its runner does, decides and applies. */
    Ended end(AttemptReport report) {
        Work next = null;
        if (report.rests()) {
            report.lane().rest();
        } else {
            next =
                    report.lane()
                            .takeNext(
                                    () -> {},
                                    rules.batch().maxEvents(),
                                    machine.cut(),
                                    epoch.limit().get(),
                                    time.nanos());
        }
        Decision decision = decide(report);
        return new Ended(decision, machine.apply(decision, now()), next);
    }

    /**
     * What came of an attempt.
     *
     * @param next what its thread goes on with
     */
    record Ended(Decision decision, List<Lane> runnable, @Nullable Work next) {}

    /** The handler answered for each event. */
    AttemptReport answered(Lane lane, Work work, ItemEnd... ends) {
        return report(lane, work, Arrays.asList(ends), Optional.empty(), ends.length);
    }

    AttemptReport succeeded(Lane lane, Work work) {
        List<ItemEnd> ends = Collections.nCopies(work.events().size(), done());
        return report(lane, work, ends, Optional.empty(), ends.size());
    }

    /** The handler threw. */
    AttemptReport failed(Lane lane, Work work, Failure failure) {
        List<ItemEnd> ends = Collections.nCopies(work.events().size(), new ItemEnd.Failed(failure));
        return report(lane, work, ends, Optional.of(failure), ends.size());
    }

    /** The handler was called for only so many of the events. */
    AttemptReport report(
            Lane lane, Work work, List<ItemEnd> ends, Optional<Failure> whole, int handled) {
        return new AttemptReport(
                lane,
                work,
                ends,
                whole,
                handled,
                new RequestId("r"),
                Samples.FUNCTION,
                new AttemptReport.Span(time.now(), TOOK),
                Optional.empty());
    }

    static ItemEnd done() {
        return new ItemEnd.Done(Samples.output("ok"));
    }

    static ItemEnd failedItem(Failure.Kind kind) {
        return new ItemEnd.Failed(Samples.failure(kind));
    }

    static List<Long> offsets(Work work) {
        return work.events().stream().map(RawEvent::offset).toList();
    }

    static List<Long> settledOffsets(Decision decision) {
        return decision.settled().stream().map(settled -> settled.event().offset()).toList();
    }
}
