package io.millrace.engine.delivery;

import io.millrace.engine.decode.DecodeResult;
import io.millrace.engine.lane.Cut;
import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.Work;
import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.BatchPolicy.PartialAnswer;
import io.millrace.engine.model.BatchRange;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Invocation;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.RequestId;
import io.millrace.engine.model.WindowInput;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * One attempt: screens and decodes the events of a batch, and puts the ends of those the handler
 * never saw back into the order of the batch. Threading: one pool thread until the invocation.
 */
final class Attempt {
    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

    private final Lane lane;
    private final EpochWork work;
    private final FunctionHandle function;
    private final Instant startedAt;
    private Work batch;
    private @Nullable RequestId requestId;
    private final List<RawEvent> raw;
    private final List<Event> events;

    /** The ends of events the handler does not see; null for the others. */
    private final List<@Nullable ItemEnd> aside;

    private @Nullable Failure unavailable;

    /** Whether the handler does not see an event because of a failure. */
    private boolean hasFailed;

    Attempt(Lane lane, Work batch, EpochWork work) {
        this.lane = lane;
        this.work = work;
        this.batch = batch;
        this.function = work.services().function().get();
        this.startedAt = work.services().time().now();
        this.raw = new ArrayList<>(batch.events());
        this.events = new ArrayList<>(raw.size());
        this.aside = new ArrayList<>(raw.size());
    }

    FunctionHandle function() {
        return function;
    }

    /** Of what the handler is given: the same in the next attempt, which has only these. */
    RequestId requestId() {
        RequestId known = requestId;
        if (known == null) {
            known = batch.closesWindow() ? requestIdOfWindow() : requestIdOfEvents();
            requestId = known;
        }
        return known;
    }

    /** All its events; they do not change any more once it is prepared. */
    List<RawEvent> raw() {
        return raw;
    }

    private RequestId requestIdOfEvents() {
        RawEvent first = events.isEmpty() ? raw.getFirst() : events.getFirst().raw();
        RawEvent last = events.isEmpty() ? raw.getLast() : events.getLast().raw();
        return work.requestIds().of(first.offset(), last.offset());
    }

    private RequestId requestIdOfWindow() {
        BatchRange closed = batch.window().flatMap(WindowInput::closing).orElseThrow().contents();
        return work.requestIds().ofWindow(closed.firstOffset(), closed.lastOffset());
    }

    /** Screens and decodes; false when the handler is not to be called. */
    boolean prepare() {
        if (batch.closesWindow()) {
            // Its event is the engine's own: the handler is given none.
            ItemEnd end = screenedRaw(raw.getFirst(), startedAt.toEpochMilli());
            aside.add(end);
            return end == null;
        }
        screen(0);
        fillUp();
        return unavailable == null && !events.isEmpty();
    }

    private void screen(int from) {
        long now = startedAt.toEpochMilli();
        for (int i = from; i < raw.size() && unavailable == null; i++) {
            ItemEnd end = screened(raw.get(i), now);
            hasFailed |= end instanceof ItemEnd.Failed;
            aside.add(end);
        }
    }

    /**
     * Events that were filtered out make room for others (FIL-8); what failed has an end of its own
     * to be told of, and keeps its place.
     */
    private void fillUp() {
        int max = work.services().maxEvents(work.trigger());
        boolean grown = false;
        while (unavailable == null && events.size() < max && raw.size() > events.size()) {
            if (batch.parked() || hasFailed || raw.size() >= max + MAX_ASIDE) {
                break;
            }
            List<RawEvent> more =
                    lane.takeMore(
                            max - events.size(),
                            roomLeft(),
                            work.epoch().limit().get(),
                            batch.progress());
            if (more.isEmpty()) {
                break;
            }
            int from = raw.size();
            raw.addAll(more);
            grown = true;
            screen(from);
        }
        if (grown) {
            batch = Work.of(raw, batch.progress());
        }
    }

    /** What the handler is given stays below the bytes of a batch. */
    private Cut roomLeft() {
        Cut whole = work.cut();
        long taken = 0;
        for (Event event : events) {
            taken += event.raw().sizeInBytes();
        }
        int left = (int) Math.max(0, whole.maxBytes() - taken);
        return new Cut(left, whole.windowNanos(), whole.earlier());
    }

    private static final int MAX_ASIDE = 10_000;

    private @Nullable ItemEnd screenedRaw(RawEvent event, long now) {
        return work.services().screen().undecoded(event, now);
    }

    private @Nullable ItemEnd screened(RawEvent event, long now) {
        try {
            ItemEnd end = screenedRaw(event, now);
            return end == null ? decoded(event) : end;
        } catch (RuntimeException | Error bug) {
            LOG.error("An event of trigger {} could not be read", work.trigger().id(), bug);
            return new ItemEnd.Failed(
                    new Failure(Failure.Kind.UNDECODABLE, bug.getClass().getName(), text(bug)));
        }
    }

    private @Nullable ItemEnd decoded(RawEvent event) {
        return switch (work.services().decoder().decode(event, work.trigger().intake().format())) {
            case DecodeResult.Decoded(Event decoded) -> {
                ItemEnd end = work.services().screen().decoded(decoded);
                if (end == null) {
                    events.add(decoded);
                }
                yield end;
            }
            case DecodeResult.Undecodable(Failure failure) -> new ItemEnd.Failed(failure);
            case DecodeResult.Unavailable(Failure failure) -> {
                unavailable = failure;
                yield new ItemEnd.Failed(failure);
            }
        };
    }

    Invocation invocation() {
        return new Invocation(
                requestId(),
                function.spec(),
                work.trigger().id(),
                events,
                batch.attempt(),
                startedAt.plus(function.spec().timeout()),
                batch.window());
    }

    /** What came of events the handler was not called for. */
    AttemptReport reportUnhandled() {
        Failure missing = unavailable;
        if (missing == null) {
            return report(merge(List.of()), batch, Optional.empty(), 0, Duration.ZERO);
        }
        ItemEnd end = new ItemEnd.Failed(missing);
        List<ItemEnd> ends = new ArrayList<>();
        raw.forEach(_ -> ends.add(end));
        return report(ends, batch, Optional.empty(), 0, Duration.ZERO);
    }

    AttemptReport report(AttemptEnd end, Duration duration) {
        return switch (end) {
            case AttemptEnd.Completed completed when completed.items().size() == handled() ->
                    completed(completed, duration);
            case AttemptEnd.Completed completed ->
                    failed(wrongCount(completed.items().size(), handled()), duration);
            case AttemptEnd.Failed(Failure failure) -> failed(failure, duration);
        };
    }

    private AttemptReport completed(AttemptEnd.Completed completed, Duration duration) {
        Optional<Failure> unfit =
                batch.window().flatMap(window -> WindowAnswers.faultOf(window, completed));
        if (unfit.isPresent()) {
            return failed(unfit.get(), duration);
        }
        boolean ends =
                batch.window().isPresent()
                        && work.trigger().batch().answer() == PartialAnswer.CHECKPOINT;
        List<ItemEnd> items =
                ends ? WindowAnswers.upToCheckpoint(completed.items()) : completed.items();
        return report(merge(items), batch, Optional.empty(), handled(), duration)
                .withState(completed.state());
    }

    /** Ends the handler has to answer with: one where it closes a window. */
    private int handled() {
        return batch.closesWindow() ? 1 : events.size();
    }

    private AttemptReport failed(Failure failure, Duration duration) {
        ItemEnd end = new ItemEnd.Failed(failure);
        List<ItemEnd> ends = Collections.nCopies(handled(), end);
        return report(merge(ends), batch, Optional.of(failure), handled(), duration);
    }

    private AttemptReport report(
            List<ItemEnd> ends, Work of, Optional<Failure> whole, int handled, Duration duration) {
        return new AttemptReport(
                lane,
                of,
                ends,
                whole,
                handled,
                requestId(),
                function.spec(),
                new AttemptReport.Span(startedAt, duration),
                Optional.empty());
    }

    private List<ItemEnd> merge(List<ItemEnd> handled) {
        if (handled.size() == raw.size()) {
            return handled;
        }
        var ends = new ArrayList<ItemEnd>(raw.size());
        int next = 0;
        for (ItemEnd end : aside) {
            ends.add(end != null ? end : handled.get(next++));
        }
        return ends;
    }

    /** What an invoker that threw counts as. */
    static Failure broken(Throwable bug) {
        return new Failure(
                Failure.Kind.ENVIRONMENT_LOST,
                bug.getClass().getName(),
                "the engine failed: " + text(bug));
    }

    private static String text(Throwable bug) {
        return String.valueOf(bug.getMessage());
    }

    private static Failure wrongCount(int found, int expected) {
        return new Failure(
                Failure.Kind.FUNCTION_ERROR,
                "InvalidBatchResult",
                "the handler answered for " + found + " events, it was given " + expected);
    }
}
