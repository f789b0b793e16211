package io.millrace.engine.delivery;

import io.millrace.engine.decode.DecodeResult;
import io.millrace.engine.execute.PooledWork;
import io.millrace.engine.execute.RunningAttempts;
import io.millrace.engine.lane.Lane;
import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Invocation;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.RequestId;
import io.millrace.engine.time.TimeSource;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One turn of a lane: takes batches, decodes, invokes and reports, until the lane has nothing to
 * do, an attempt did not end well, or the turn is over.
 *
 * <p>After a success the lane goes on at once, without a trip to the stream thread. Threading: one
 * pool thread; a deadline that passes is reported by the thread that watches deadlines.
 */
final class LaneRunner implements PooledWork {
    /** A lane gives way to others after so many invocations ... */
    private static final int MAX_INVOCATIONS = 64;

    /** ... or so long. */
    private static final Duration MAX_TURN = Duration.ofMillis(5);

    private static final int MAX_BYTES = BatchPolicy.MAX_PAYLOAD_BYTES;
    private static final Logger LOG = LoggerFactory.getLogger(LaneRunner.class);

    private final Lane lane;
    private final EpochWork work;

    LaneRunner(Lane lane, EpochWork work) {
        this.lane = lane;
        this.work = work;
    }

    @Override
    public void run() {
        long turnEnds = time().nanos() + MAX_TURN.toNanos();
        Lane.Work next = take();
        for (int invocations = 1; next != null; invocations++) {
            AttemptReport report = attempt(next);
            if (report == null) {
                return;
            }
            if (!report.isClean()) {
                lane.rest();
                work.reports().offer(report);
                return;
            }
            if (invocations >= MAX_INVOCATIONS || time().nanos() - turnEnds >= 0) {
                if (lane.yieldTurn(() -> work.reports().offer(report))) {
                    work.run(lane);
                }
                return;
            }
            next = reportAndTake(report);
        }
    }

    private Lane.@Nullable Work take() {
        return mayStart() ? orReleased(lane.take(maxEvents(), MAX_BYTES, limit())) : null;
    }

    private Lane.@Nullable Work reportAndTake(AttemptReport report) {
        Runnable handOver = () -> work.reports().offer(report);
        if (!mayStart()) {
            handOver.run();
            return null;
        }
        return orReleased(lane.takeNext(handOver, maxEvents(), MAX_BYTES, limit()));
    }

    /** The limit may have been raised between its reading and the lane's being held. */
    private Lane.@Nullable Work orReleased(Lane.@Nullable Work taken) {
        Lane.Work next = taken;
        while (next == null && lane.release(limit())) {
            next = lane.take(maxEvents(), MAX_BYTES, limit());
        }
        return next;
    }

    private boolean mayStart() {
        return !work.epoch().isClosed() && !work.stopping().getAsBoolean();
    }

    /** A handler that takes single events gets them one by one, whatever the batch size. */
    private int maxEvents() {
        return work.services().function().get().invoker().isBatch()
                ? work.trigger().batch().maxEvents()
                : 1;
    }

    /** Runs one attempt; null when its deadline passed first, and then it has been reported. */
    private @Nullable AttemptReport attempt(Lane.Work batch) {
        FunctionHandle function = work.services().function().get();
        List<RawEvent> raw = batch.events();
        var requestId =
                RequestId.of(
                        work.trigger().id(), raw.getFirst().position(), raw.getLast().position());
        var attempt = new Attempted(batch, function, requestId, time().now());
        var events = new ArrayList<Event>(raw.size());
        var undecodable = new ArrayList<@Nullable ItemEnd>(raw.size());
        for (RawEvent event : raw) {
            switch (decode(event)) {
                case DecodeResult.Decoded(var decoded) -> {
                    events.add(decoded);
                    undecodable.add(null);
                }
                case DecodeResult.Undecodable(var failure) ->
                        undecodable.add(new ItemEnd.Failed(failure));
                case DecodeResult.Unavailable(var failure) -> {
                    return attempt.report(new AttemptEnd.Failed(failure), Duration.ZERO);
                }
            }
        }
        if (events.isEmpty()) {
            return attempt.report(
                    new AttemptEnd.Completed(merge(List.of(), undecodable)), Duration.ZERO);
        }
        attempt.handled = events.size();
        return invoke(attempt, events, undecodable);
    }

    private DecodeResult decode(RawEvent event) {
        try {
            return work.services().decoder().decode(event, work.trigger().intake().format());
        } catch (RuntimeException | Error bug) {
            return new DecodeResult.Unavailable(lost(bug));
        }
    }

    private AttemptEnd invoke(FunctionHandle function, Invocation invocation) {
        try {
            return function.invoker().invoke(invocation);
        } catch (RuntimeException | Error bug) {
            return new AttemptEnd.Failed(lost(bug));
        }
    }

    /**
     * Neither decoder nor invoker may throw. If one does, the lane must not stand still for ever:
     * the attempt counts as lost.
     */
    private Failure lost(Throwable bug) {
        LOG.error("An attempt of trigger {} broke", work.trigger().id(), bug);
        return new Failure(
                Failure.Kind.ENVIRONMENT_LOST,
                bug.getClass().getName(),
                "the engine failed: " + bug.getMessage());
    }

    private @Nullable AttemptReport invoke(
            Attempted attempt, List<Event> events, List<@Nullable ItemEnd> undecodable) {
        Duration timeout = attempt.function.spec().timeout();
        var invocation =
                new Invocation(
                        attempt.requestId,
                        attempt.function.spec(),
                        work.trigger().id(),
                        events,
                        attempt.batch.attempt(),
                        attempt.startedAt.plus(timeout));
        long start = time().nanos();
        RunningAttempts.Attempt running =
                work.services().attempts().start(timeout, () -> expired(attempt, timeout));
        AttemptEnd end = invoke(attempt.function, invocation);
        if (!running.end()) {
            return null;
        }
        Duration duration = Duration.ofNanos(time().nanos() - start);
        return switch (end) {
            case AttemptEnd.Completed(var items) when items.size() == events.size() ->
                    attempt.report(new AttemptEnd.Completed(merge(items, undecodable)), duration);
            case AttemptEnd.Completed(var items) ->
                    attempt.report(wrongCount(items.size(), events.size()), duration);
            case AttemptEnd.Failed failed -> attempt.report(failed, duration);
        };
    }

    /**
     * On the thread that watches deadlines: the handler still runs, but its end no longer counts.
     */
    private void expired(Attempted attempt, Duration timeout) {
        lane.rest();
        var failure =
                new Failure(
                        Failure.Kind.TIMED_OUT,
                        "Sandbox.Timedout",
                        attempt.requestId
                                + " Task timed out after "
                                + timeout.toMillis() / 1000.0
                                + " seconds");
        work.reports().offer(attempt.report(new AttemptEnd.Failed(failure), timeout));
    }

    /**
     * Puts the ends of the handler and those of events it never saw back into the order of the
     * batch.
     */
    private static List<ItemEnd> merge(List<ItemEnd> handled, List<@Nullable ItemEnd> undecodable) {
        var items = new ArrayList<ItemEnd>(undecodable.size());
        int next = 0;
        for (ItemEnd failed : undecodable) {
            items.add(failed != null ? failed : handled.get(next++));
        }
        return items;
    }

    private static AttemptEnd.Failed wrongCount(int found, int expected) {
        return new AttemptEnd.Failed(
                new Failure(
                        Failure.Kind.FUNCTION_ERROR,
                        "InvalidBatchResult",
                        "the handler answered for " + found + " events, it was given " + expected));
    }

    private long limit() {
        return work.epoch().limit().get();
    }

    private TimeSource time() {
        return work.services().time();
    }

    /** What is known of an attempt before it ends. */
    private final class Attempted {
        private final Lane.Work batch;
        private final FunctionHandle function;
        private final RequestId requestId;
        private final Instant startedAt;
        private int handled;

        private Attempted(
                Lane.Work batch, FunctionHandle function, RequestId requestId, Instant startedAt) {
            this.batch = batch;
            this.function = function;
            this.requestId = requestId;
            this.startedAt = startedAt;
        }

        private AttemptReport report(AttemptEnd end, Duration duration) {
            return new AttemptReport(
                    lane,
                    batch,
                    end,
                    handled,
                    requestId,
                    function.spec(),
                    new AttemptReport.Span(startedAt, duration));
        }
    }
}
