package io.millrace.engine.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.engine.lane.Cut;
import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.LaneTable;
import io.millrace.engine.lane.Progress;
import io.millrace.engine.lane.Work;
import io.millrace.engine.model.BatchRange;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.Outcome;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.WindowInput;
import io.millrace.engine.model.WindowPolicy;
import io.millrace.engine.offsets.PartitionEpoch;
import io.millrace.engine.sink.Lineage;
import io.millrace.schemas.EventHeaders;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Hands out the events of one partition by tumbling windows (DEF-11).
 *
 * <ul>
 *   <li>Events wait here and not in their lane: the lane gets one batch at a time and rests behind
 *       it, so that each batch is cut with the state at hand that the one before it left.
 *   <li>An event enters the state in the transaction that settles it. A batch that fails leaves the
 *       state as it was.
 *   <li>Retries wait in memory whatever their delay, with notes of how far they have come: behind a
 *       parked event order and window would be lost. Their partition waits with them.
 *   <li>A window that nothing has entered is not known of and has no final invocation.
 *   <li>The wall clock closes a window only when its partition has been quiet for the grace as
 *       well: while a backlog is read, its events come long after their windows.
 * </ul>
 *
 * Threading: StreamThread only. No clock: times come in.
 */
final class Windows {
    private static final long LANE = 0;

    private final WindowPolicy policy;
    private final PartitionEpoch epoch;
    private final LaneTable lanes;
    private final DeliveryMachine.Setup setup;
    private final ParkedEvents parked;
    private final Cut cut;
    private final ArrayDeque<RawEvent> waiting = new ArrayDeque<>();

    /** What is tried again, before everything that waits. */
    private final ArrayDeque<Work> again = new ArrayDeque<>();

    private PartitionWindow present = PartitionWindow.NONE;
    private long waitingBytes;
    private boolean out;

    /** When {@link #next} has something to give; the maximum for when something else happens. */
    private long wakeAt = Long.MAX_VALUE;

    /** Before this nothing is handed out: a retry waits for its time. */
    private @Nullable Long retryAt;

    /** The batch that is gathered, if one is. */
    private @Nullable Gathering gathering;

    /** When the last event came, on the monotonic clock. */
    private long lastCame;

    private record Gathering(long until, long windowEnds) {}

    private record Bounds(long start, long end) {}

    Windows(
            WindowPolicy policy,
            PartitionEpoch epoch,
            LaneTable lanes,
            DeliveryMachine.Setup setup,
            ParkedEvents parked,
            Cut cut) {
        this.policy = policy;
        this.epoch = epoch;
        this.lanes = lanes;
        this.setup = setup;
        this.parked = parked;
        this.cut = cut;
    }

    /** Takes over what a former epoch left; parked events come by {@link #add} before it. */
    void restore(Moment now) {
        present = setup.store().window().orElse(PartitionWindow.NONE);
        lastCame = now.nanos();
        present.open()
                .flatMap(PartitionWindow.Open::closing)
                .ifPresent(closing -> retryAt = now.nanosAt(closing.dueAt()));
        wakeAt = now.nanos();
    }

    /** Takes an event of a former epoch that lies in the parking store. */
    void addParked(RawEvent event) {
        waiting.addLast(event);
        waitingBytes += event.sizeInBytes();
    }

    /** Takes an event in; gives the lane if it has to be run. */
    @Nullable Lane add(RawEvent event, Moment now) {
        waiting.addLast(event);
        waitingBytes += event.sizeInBytes();
        lastCame = now.nanos();
        Gathering present = gathering;
        boolean waits =
                present != null
                        && now.nanos() - present.until() < 0
                        && event.timestamp() < present.windowEnds()
                        && waiting.size() < setup.maxEvents().getAsInt()
                        && waitingBytes < cut.maxBytes();
        return waits ? null : next(now);
    }

    /** Whether a window is open: something has entered it and it is not done with. */
    boolean hasOpen() {
        return present.open().isPresent();
    }

    long nextDue() {
        return wakeAt;
    }

    /** What is to be done next, put into the lane that has to be run; nothing while it is run. */
    @Nullable Lane next(Moment now) {
        wakeAt = Long.MAX_VALUE;
        if (out) {
            return null;
        }
        if (retryAt != null && retryAt - now.nanos() > 0) {
            wakeAt = retryAt;
            return null;
        }
        retryAt = null;
        Work work = nextWork(now);
        if (work == null) {
            return null;
        }
        out = true;
        Lane lane = lanes.lane(LANE);
        lane.resumeWith(List.of(work));
        return lane;
    }

    private @Nullable Work nextWork(Moment now) {
        if (again.isEmpty()) {
            closeIfOver(now);
        }
        Optional<PartitionWindow.Open> open = present.open();
        if (open.isPresent() && open.get().closing().isPresent()) {
            return closingWork(open.get(), open.get().closing().get());
        }
        if (!again.isEmpty()) {
            Work work = again.removeFirst();
            Optional<WindowInput> input = work.window().map(this::refreshed);
            return new Work(work.events(), work.progress(), work.parked(), input);
        }
        RawEvent head = waiting.peekFirst();
        return head == null ? null : batch(head, now);
    }

    /** With the state of now. */
    private WindowInput refreshed(WindowInput before) {
        return present.open()
                .map(PartitionWindow.Open::input)
                .orElseGet(() ->
                        new WindowInput(
                                before.start(),
                                before.end(),
                                WindowInput.NO_STATE,
                                Optional.empty()));
    }

    private void closeIfOver(Moment now) {
        Optional<PartitionWindow.Open> open = present.open();
        if (open.isEmpty() || open.get().closing().isPresent()) {
            return;
        }
        RawEvent head = waiting.peekFirst();
        if (head == null ? isOver(open.get(), now) : head.timestamp() >= open.get().end()) {
            close(open.get(), false, now);
        }
    }

    /** By the wall clock; watches it if it is not. */
    private boolean isOver(PartitionWindow.Open open, Moment now) {
        long left = untilOver(open.end(), now);
        wakeAt = left <= 0 ? wakeAt : now.nanos() + left;
        return left <= 0;
    }

    private long untilOver(long end, Moment now) {
        long grace = policy.grace().toMillis();
        long left = Math.max(0, end + grace - now.millis());
        return Math.max(
                Duration.ofMillis(left).toNanos(),
                policy.grace().toNanos() - (now.nanos() - lastCame));
    }

    private void close(PartitionWindow.Open open, boolean early, Moment now) {
        var closing = new PartitionWindow.Closing(early, now.millis(), Progress.NONE, 0);
        present = present.with(open.closing(closing));
    }

    /** The event is the engine's own: what comes of it is what comes of the window. */
    private Work closingWork(PartitionWindow.Open open, PartitionWindow.Closing closing) {
        List<Header> headers =
                open.lineage().isEmpty()
                        ? List.of()
                        : List.of(Header.of(EventHeaders.LINEAGE, open.lineage()));
        var event =
                new RawEvent(
                        new EventPosition(epoch.partition(), open.contents().lastOffset()),
                        Payload.NULL,
                        Payload.of(open.state()),
                        headers,
                        closing.since());
        return new Work(List.of(event), closing.progress(), false, Optional.of(open.input()));
    }

    /** The next events of one window; null while they are gathered. */
    private @Nullable Work batch(RawEvent head, Moment now) {
        Bounds bounds = boundsOf(head);
        boolean isParked = parked.isParked(head.offset());
        Progress progress = progressOf(head, isParked);
        int max = setup.maxEvents().getAsInt();
        var events = new ArrayList<RawEvent>();
        boolean isFull = false;
        long bytes = 0;
        for (RawEvent event : waiting) {
            bytes += event.sizeInBytes();
            boolean joins =
                    event.timestamp() < bounds.end()
                            && event.offset() <= epoch.limit().get()
                            && bytes <= cut.maxBytes()
                            && parked.isParked(event.offset()) == isParked
                            && progressOf(event, isParked).equals(progress);
            isFull = events.size() == max || (!events.isEmpty() && !joins);
            if (isFull) {
                break;
            }
            events.add(event);
        }
        if (!isFull && events.size() < max && bytes < cut.maxBytes() && gathers(bounds, now)) {
            return null;
        }
        gathering = null;
        for (RawEvent taken : events) {
            waitingBytes -= taken.sizeInBytes();
            waiting.removeFirst();
        }
        WindowInput input =
                present.open()
                        .map(PartitionWindow.Open::input)
                        .orElseGet(() ->
                                new WindowInput(
                                        Instant.ofEpochMilli(bounds.start()),
                                        Instant.ofEpochMilli(bounds.end()),
                                        WindowInput.NO_STATE,
                                        Optional.empty()));
        return new Work(events, progress, isParked, Optional.of(input));
    }

    private Progress progressOf(RawEvent event, boolean isParked) {
        return isParked ? parked.get(event.offset()).progress() : cut.earlier().of(event);
    }

    /** The open window takes what is late; else the first one that is not closed (DEF-11). */
    private Bounds boundsOf(RawEvent event) {
        if (present.open().isPresent()) {
            return new Bounds(present.open().get().start(), present.open().get().end());
        }
        long size = policy.size().toMillis();
        long time = Math.max(event.timestamp(), present.floor());
        long start = Math.floorDiv(time, size) * size;
        return new Bounds(Math.max(start, present.floor()), start + size);
    }

    /** Whether a batch that is not full waits for more, but not longer than its window. */
    private boolean gathers(Bounds bounds, Moment now) {
        if (cut.windowNanos() == 0) {
            return false;
        }
        Gathering begun = gathering;
        if (begun == null) {
            long wait = Math.min(cut.windowNanos(), untilOver(bounds.end(), now));
            begun = new Gathering(now.nanos() + wait, bounds.end());
            gathering = begun;
        }
        wakeAt = begun.until();
        return begun.until() - now.nanos() > 0;
    }

    /**
     * What was out has been decided about, and what it settled is settled.
     *
     * @return the lane if it has to be run
     */
    @Nullable Lane apply(Decision decision, Moment now) {
        out = false;
        if (!decision.retained().isEmpty()) {
            retryAt = now.nanos() + decision.delay().toNanos();
        }
        if (decision.report().work().closesWindow()) {
            applyClosing(decision, now);
        } else {
            enter(decision, now);
            retain(decision, now);
        }
        return next(now);
    }

    private void applyClosing(Decision decision, Moment now) {
        PartitionWindow.Open open = present.open().orElseThrow();
        if (decision.retained().isEmpty()) {
            present = present.settled();
        } else {
            PartitionWindow.Closing before = open.closing().orElseThrow();
            var closing =
                    new PartitionWindow.Closing(
                            before.early(),
                            before.since(),
                            decision.retained().getFirst().progress(),
                            now.millis() + decision.delay().toMillis());
            present = present.with(open.closing(closing));
        }
        save();
    }

    /** The state holds what has succeeded, and nothing else. */
    private void enter(Decision decision, Moment now) {
        AttemptReport report = decision.report();
        var entered = new ArrayList<RawEvent>(decision.settled().size());
        for (Decision.Settled settled : decision.settled()) {
            if (settled.outcome() instanceof Outcome.Succeeded) {
                entered.add(settled.event());
            }
        }
        if (entered.isEmpty() || report.state().isEmpty()) {
            return;
        }
        String state = report.state().get();
        WindowInput window = report.work().window().orElseThrow();
        Optional<PartitionWindow.Open> before = present.open();
        var open =
                new PartitionWindow.Open(
                        window.start().toEpochMilli(),
                        window.end().toEpochMilli(),
                        state,
                        contents(before.map(PartitionWindow.Open::contents), entered),
                        lineage(before.map(PartitionWindow.Open::lineage).orElse(""), entered),
                        Optional.empty());
        present = present.with(open);
        if (isTooLarge(state)) {
            close(open, true, now);
        }
        save();
    }

    private static boolean isTooLarge(String state) {
        return state.length() > WindowPolicy.MAX_STATE_BYTES / 3
                && state.getBytes(UTF_8).length > WindowPolicy.MAX_STATE_BYTES;
    }

    private BatchRange contents(Optional<BatchRange> before, List<RawEvent> entered) {
        RawEvent first = entered.getFirst();
        RawEvent last = entered.getLast();
        return new BatchRange(
                epoch.partition(),
                before.map(BatchRange::firstOffset).orElse(first.offset()),
                Math.max(before.map(BatchRange::lastOffset).orElse(0L), last.offset()),
                before.map(BatchRange::firstTimestamp).orElseGet(() -> timestamp(first)),
                timestamp(last),
                before.map(BatchRange::size).orElse(0) + entered.size());
    }

    private static Instant timestamp(RawEvent event) {
        return Instant.ofEpochMilli(event.timestamp());
    }

    /** Nearly no event carries one. */
    private static String lineage(String before, List<RawEvent> entered) {
        String merged = before;
        for (RawEvent event : entered) {
            if (!event.headers().isEmpty()) {
                // What the event implies is spelled out, or the merged one would hide it.
                Header own = Lineage.of(event.headers()).header();
                Header others = Header.of(EventHeaders.LINEAGE, merged);
                merged = Lineage.of(List.of(others, own)).toString();
            }
        }
        return merged;
    }

    private void retain(Decision decision, Moment now) {
        AttemptReport report = decision.report();
        List<Work> retained = decision.retained();
        if (retained.isEmpty()) {
            return;
        }
        epoch.touch();
        for (int i = retained.size() - 1; i >= 0; i--) {
            Work work = retained.get(i);
            var bounded =
                    new Work(work.events(), work.progress(), work.parked(), report.work().window());
            again.addFirst(bounded);
            if (report.handled() > 0) {
                note(bounded, now.millis() + decision.delay().toMillis());
            }
        }
    }

    private void note(Work work, long dueAt) {
        for (RawEvent event : work.events()) {
            if (work.parked()) {
                parked.update(event, work.progress(), dueAt);
            } else {
                parked.note(event, work.progress(), dueAt);
            }
        }
    }

    private void save() {
        setup.store().putWindow(present);
        epoch.touch();
    }
}
