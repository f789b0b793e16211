package io.millrace.engine.delivery;

import io.millrace.engine.lane.Cut;
import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.LaneTable;
import io.millrace.engine.lane.Work;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.offsets.PartitionEpoch;
import io.millrace.engine.outcome.CircuitBreaker;
import io.millrace.engine.outcome.RetryRule;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.LongFunction;

/**
 * Decides about the events of one partition in one epoch.
 *
 * <ul>
 *   <li>An event is admitted once, and finished once: when it has its final outcome or is parked.
 *   <li>{@link #decide} changes nothing; {@link #apply} is called when everything the decision says
 *       has been written, and changes the parking store in the same transaction.
 *   <li>Every attempt is metered in the transaction that settles its events, or notes how far they
 *       have come: committed attempts of an event are 1..n without gap or repetition.
 *   <li>A short retry waits in its lane, a long one in the parking store, and with it everything
 *       behind it in its lane. Where there are tumbling windows, every retry waits in its lane.
 * </ul>
 *
 * Threading: StreamThread only. No clock: times come in.
 */
public final class DeliveryMachine {
    private final PartitionEpoch epoch;
    private final LaneTable lanes;
    private final Setup setup;
    private final Judge judge;
    private final ParkedEvents parked;
    private final Cut cut;
    private final Alarms alarms = new Alarms();
    private final ParkingLot lot;
    private final Stragglers stragglers;
    private final @Nullable Windows windows;

    /** Lanes whose windows have an alarm. */
    private final Set<Lane> watched = new HashSet<>();

    private long queuedBytes;
    private long repeated;

    /**
     * What a machine works with.
     *
     * @param maxEvents events in a batch at most, asked anew for each
     */
    public record Setup(
            RetryRule rule,
            BatchPolicy batch,
            IntSupplier maxEvents,
            CircuitBreaker breaker,
            ParkingStore store,
            ParkingLimits limits,
            Repeats repeats) {}

    public DeliveryMachine(PartitionEpoch epoch, LaneTable lanes, Setup setup) {
        this.epoch = epoch;
        this.lanes = lanes;
        this.setup = setup;
        this.judge = new Judge(setup.rule(), setup.batch().answer());
        this.parked = new ParkedEvents(setup.store(), setup.limits());
        this.stragglers = new Stragglers(epoch, lanes, setup.limits());
        this.cut =
                new Cut(
                        BatchPolicy.MAX_PAYLOAD_BYTES,
                        setup.batch().window().toNanos(),
                        parked.earlier());
        this.lot = new ParkingLot(epoch, lanes, parked, cut, this::leave);
        this.windows =
                setup.batch()
                        .tumbling()
                        .map(policy -> new Windows(policy, epoch, lanes, setup, parked, cut))
                        .orElse(null);
    }

    /** Where lanes have to cut their batches. Any thread. */
    public Cut cut() {
        return cut;
    }

    /** Takes over what the parking store holds; once, before the first event is admitted. */
    public void restore(Moment now) {
        var stale = new ArrayList<Long>();
        setup.store()
                .forEach((offset, entry) -> {
                    if (entry.event().isPresent()) {
                        restore(entry, entry.event().get(), now);
                    } else if (epoch.tracker().isSettled(offset)) {
                        stale.add(offset);
                    } else {
                        parked.restoreNote(offset, entry.progress());
                    }
                });
        stale.forEach(setup.store()::delete);
        if (windows != null) {
            windows.restore(now);
        }
        for (long id : parked.lanes()) {
            lanes.lane(id).rest();
            long head = parked.offsetsOf(id).next();
            alarms.set(now.nanosAt(parked.get(head).dueAt()), new Alarms.Alarm.ParkedLane(id));
        }
    }

    private void restore(ParkedEvent entry, RawEvent event, Moment now) {
        if (windows != null) {
            // Of a time before there were windows.
            parked.restore(Optional.empty(), event);
            windows.addParked(event);
        } else if (lanes.isOrdered()) {
            parked.restore(Optional.of(lanes.idOf(event)), event);
        } else {
            parked.restore(Optional.empty(), event);
            alarms.set(now.nanosAt(entry.dueAt()), new Alarms.Alarm.ParkedEventDue(event.offset()));
        }
    }

    /** Whether this event was finished before and has to be skipped. */
    public boolean isSettled(long offset) {
        return epoch.tracker().isSettled(offset) || parked.isParked(offset);
    }

    /**
     * Takes an event in; gives the lanes that have to be run now. A repeat of an earlier event is
     * dropped: its offset counts as one that does not exist.
     */
    public List<Lane> admit(RawEvent event, Moment now) {
        if (setup.repeats().isRepeat(event)) {
            repeated++;
            return List.of();
        }
        epoch.tracker().admit(event.offset());
        queuedBytes += event.sizeInBytes();
        List<Lane> released = raiseLimit();
        Lane lane = queue(event, now);
        if (lane == null) {
            return released;
        }
        if (released.isEmpty()) {
            return List.of(lane);
        }
        released.add(lane);
        return released;
    }

    private @Nullable Lane queue(RawEvent event, Moment now) {
        if (windows != null) {
            return windows.add(event, now);
        }
        if (lot.takes(event)) {
            return null;
        }
        Lane lane = lanes.offer(event, setup.maxEvents().getAsInt(), cut, now.nanos());
        if (lane != null && cut.windowNanos() > 0) {
            watchWindow(lane);
        }
        return lane;
    }

    /** Whether {@link #park} has something to do. */
    public boolean hasArrivals() {
        return lot.hasArrivals();
    }

    /** Puts events of parked lanes into the store, behind those that are there. */
    public void park() {
        lot.parkArrivals();
    }

    /** What the report means. */
    public Decision decide(AttemptReport report, Moment now) {
        return judge.decide(report, setup.breaker().isOpen(), now.millis());
    }

    /**
     * The decision has been written: its events are finished and its lane goes on.
     *
     * @return lanes that have to be run now
     */
    public List<Lane> apply(Decision decision, Moment now) {
        park();
        AttemptReport report = decision.report();
        Lane lane = report.lane();
        if (!report.work().closesWindow()) {
            decision.settled().forEach(settled -> finish(settled.event(), report.work(), lane));
        }
        if (report.handled() > 0) {
            String failure = report.countedFailure();
            setup.breaker().attempted(failure.isEmpty(), failure, now.nanos());
        }
        var runnable = new ArrayList<Lane>(1);
        if (windows != null) {
            Lane next = windows.apply(decision, now);
            if (next == null) {
                lane.resume();
            } else {
                runnable.add(next);
            }
        } else if (!decision.retained().isEmpty()) {
            retain(decision, now, runnable);
        } else {
            goOn(report, now, runnable);
        }
        if (cut.windowNanos() > 0) {
            watchWindow(lane);
        }
        lanes.dropIfIdle(lane);
        runnable.addAll(raiseLimit());
        return runnable;
    }

    private void finish(RawEvent event, Work work, Lane lane) {
        if (work.parked() || parked.isParked(event.offset())) {
            parked.settle(lane.id(), event.offset());
            epoch.touch();
        } else {
            parked.finished(event.offset());
            leave(event);
        }
    }

    private void goOn(AttemptReport report, Moment now, List<Lane> runnable) {
        Lane lane = report.lane();
        if (!report.rests()) {
            return;
        }
        boolean isParked = lane.isOrdered() && report.work().parked() && !lane.hasParkedWork();
        if (isParked && !parked.dropIfEmpty(lane.id())) {
            runParked(lane, now, runnable);
        } else if (lane.resume()) {
            runnable.add(lane);
        }
    }

    private void retain(Decision decision, Moment now, List<Lane> runnable) {
        epoch.touch();
        AttemptReport report = decision.report();
        Lane lane = report.lane();
        long dueAt = now.millis() + decision.delay().toMillis();
        long due = now.nanos() + decision.delay().toNanos();
        if (report.work().parked()) {
            retainParked(decision, dueAt, due, runnable);
        } else if (!parks(decision, now)) {
            retainInMemory(decision, dueAt, due, runnable);
        } else if (lane.isOrdered()) {
            lot.park(lane, decision.retained(), dueAt);
            alarms.set(due, new Alarms.Alarm.ParkedLane(lane.id()));
        } else {
            parkUnordered(decision.retained(), dueAt, due);
        }
        if (!lane.isOrdered() && lane.resume()) {
            runnable.add(lane);
        }
    }

    private boolean parks(Decision decision, Moment now) {
        if (decision.report().handled() == 0) {
            // Nothing is known against the events: they wait where they are.
            return false;
        }
        if (decision.delay().isZero() && decision.retained().size() > 1) {
            // A batch that is split goes on at once, and the store does not keep its cut (DEF-7).
            return false;
        }
        boolean isLong =
                decision.delay().compareTo(setup.limits().inlineDelay()) > 0
                        || now.millis() - decision.retained().getFirst().progress().since()
                                >= setup.limits().inlineTotal().toMillis();
        return isLong
                && decision.retained().stream()
                        .flatMap(work -> work.events().stream())
                        .allMatch(parked::hasRoomFor);
    }

    private void retainInMemory(Decision decision, long dueAt, long due, List<Lane> runnable) {
        Lane lane = decision.report().lane();
        if (decision.report().handled() > 0) {
            for (Work work : decision.retained()) {
                work.events().forEach(event -> parked.note(event, work.progress(), dueAt));
            }
        }
        if (!lane.isOrdered()) {
            for (Work work : decision.retained()) {
                alarms.set(due, new Alarms.Alarm.RetryUnordered(work));
            }
        } else if (decision.delay().isZero()) {
            lane.resumeWith(decision.retained());
            runnable.add(lane);
        } else {
            alarms.set(due, new Alarms.Alarm.Retry(lane, decision.retained()));
        }
    }

    private void retainParked(Decision decision, long dueAt, long due, List<Lane> runnable) {
        Lane lane = decision.report().lane();
        for (Work work : decision.retained()) {
            work.events().forEach(event -> parked.update(event, work.progress(), dueAt));
        }
        if (!lane.isOrdered()) {
            for (Work work : decision.retained()) {
                alarms.set(due, new Alarms.Alarm.RetryUnordered(work));
            }
        } else if (decision.delay().isZero()) {
            // Halves of a batch keep their cut, which the store does not know.
            lane.resumeWith(decision.retained());
            runnable.add(lane);
        } else {
            lane.dropParkedWork();
            alarms.set(due, new Alarms.Alarm.ParkedLane(lane.id()));
        }
    }

    /**
     * Copies the lowest unfinished events into the store where they hold up the others or get too
     * old: their offsets are finished, and they go on as they were.
     *
     * @param running gives an event that a handler has
     * @return lanes that have to be run now; empty if nothing was copied
     */
    public Optional<List<Lane>> copyStragglers(
            LongFunction<Optional<RawEvent>> running, Moment now) {
        // What a tumbling window has taken in is in its state, and finished; it never parks.
        boolean copied = windows == null && stragglers.copy(parked, running, this::leave, now) > 0;
        return copied ? Optional.of(lanes.release(epoch.limit().get())) : Optional.empty();
    }

    private void parkUnordered(List<Work> works, long dueAt, long due) {
        for (Work work : works) {
            for (RawEvent event : work.events()) {
                lot.park(event, work.progress(), dueAt);
                alarms.set(due, new Alarms.Alarm.ParkedEventDue(event.offset()));
            }
        }
    }

    /** Lanes whose retry is due or whose window is over. */
    public List<Lane> due(Moment now) {
        if (windows != null && windows.nextDue() - now.nanos() <= 0) {
            Lane lane = windows.next(now);
            return lane == null ? List.of() : List.of(lane);
        }
        Alarms.Alarm next = alarms.next(now.nanos());
        if (next == null) {
            return List.of();
        }
        var runnable = new ArrayList<Lane>();
        while (next != null) {
            ring(next, now, runnable);
            next = alarms.next(now.nanos());
        }
        return runnable;
    }

    private void ring(Alarms.Alarm alarm, Moment now, List<Lane> runnable) {
        switch (alarm) {
            case Alarms.Alarm.Retry(Lane lane, List<Work> works) -> {
                lane.resumeWith(works);
                runnable.add(lane);
            }
            case Alarms.Alarm.RetryUnordered(Work work) -> runFirst(work, runnable);
            case Alarms.Alarm.ParkedLane(long id) -> runParked(lanes.lane(id), now, runnable);
            case Alarms.Alarm.ParkedEventDue(long offset) ->
                    runFirst(parked.alone(offset), runnable);
            case Alarms.Alarm.Window(Lane lane) -> {
                watched.remove(lane);
                if (lane.endGathering(setup.maxEvents().getAsInt(), cut, now.nanos())) {
                    runnable.add(lane);
                } else {
                    watchWindow(lane);
                }
            }
        }
    }

    private void runFirst(Work work, List<Lane> runnable) {
        Lane lane = lanes.offerFirst(work);
        if (lane != null) {
            runnable.add(lane);
        }
    }

    /** Has the head of a parked lane run: events that have come equally far and are due. */
    private void runParked(Lane lane, Moment now, List<Lane> runnable) {
        int maxEvents = setup.maxEvents().getAsInt();
        lane.resumeWith(List.of(parked.head(lane.id(), maxEvents, cut.maxBytes(), now.millis())));
        runnable.add(lane);
    }

    /** A lane that a pool thread found gathering, or that may have begun to gather. */
    public void watchWindow(Lane lane) {
        OptionalLong ends = lane.gatheringEnds();
        // One alarm is enough: the end of a window only moves away from it.
        if (ends.isPresent() && watched.add(lane)) {
            alarms.set(ends.getAsLong(), new Alarms.Alarm.Window(lane));
        }
    }

    /** When {@link #due} has something to give, on the monotonic clock; never is the maximum. */
    public long nextDue() {
        return windows == null ? alarms.nextDue() : windows.nextDue();
    }

    /** Events that were dropped as repeats in this epoch. */
    public long repeated() {
        return repeated;
    }

    /** The highest offset seen in this epoch. */
    public long highest() {
        return epoch.tracker().highest();
    }

    /** Events admitted and not yet finished. */
    public int unfinished() {
        return epoch.tracker().unfinished();
    }

    /** Bytes held by events that are admitted and not yet finished. */
    public long queuedBytes() {
        return queuedBytes;
    }

    /** Events that wait in the parking store. */
    public int parked() {
        return parked.size();
    }

    public long parkedBytes() {
        return parked.bytes();
    }

    /** Whether a tumbling window is open: events are finished that its final result waits for. */
    public boolean hasOpenWindow() {
        return windows != null && windows.hasOpen();
    }

    /** Attempts and windows that are waiting for their time. */
    public int alarms() {
        return alarms.size();
    }

    private void leave(RawEvent event) {
        setup.repeats().finished(event);
        epoch.tracker().finish(event.offset());
        queuedBytes -= event.sizeInBytes();
    }

    /** Raises the dispatch limit; gives the lanes that waited for it. */
    public List<Lane> raiseLimit() {
        long before = epoch.limit().get();
        boolean raised = epoch.limit().raise(epoch.tracker());
        // A lane can only wait when there are events above the limit.
        return raised && epoch.tracker().highest() > before
                ? lanes.release(epoch.limit().get())
                : List.of();
    }
}
