package io.millrace.engine.delivery;

import io.millrace.engine.execute.PooledWork;
import io.millrace.engine.execute.RunningAttempts;
import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.Work;
import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Invocation;
import io.millrace.engine.time.TimeSource;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/**
 * One turn of a lane: takes batches, decodes, invokes and reports, until the lane has nothing to
 * do, the stream thread has to decide, or the turn is over.
 *
 * <p>After a success the lane goes on at once, without a trip to the stream thread. Threading: one
 * pool thread; a deadline that passes is reported by the thread that watches deadlines.
 */
final class LaneRunner implements PooledWork {
    /** A lane gives way to others after so many invocations ... */
    private static final int MAX_INVOCATIONS = 64;

    /** ... or so long. */
    private static final Duration MAX_TURN = Duration.ofMillis(5);

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
        Work next = take();
        for (int invocations = 1; next != null; invocations++) {
            work.services().dispatcher().started(next.events().size());
            AttemptReport report = attempt(next);
            if (report == null) {
                return;
            }
            if (report.rests()) {
                lane.rest();
                work.reports().offer(report);
                return;
            }
            if (invocations >= MAX_INVOCATIONS
                    || time().nanos() - turnEnds >= 0
                    || !work.services().dispatcher().goesOn()) {
                if (lane.yieldTurn(() -> work.reports().offer(report))) {
                    work.run(lane);
                }
                return;
            }
            next = reportAndTake(report);
        }
    }

    private @Nullable Work take() {
        return mayStart()
                ? orReleased(lane.take(maxEvents(), work.cut(), limit(), time().nanos()))
                : null;
    }

    private @Nullable Work reportAndTake(AttemptReport report) {
        Runnable handOver = () -> work.reports().offer(report);
        if (!mayStart()) {
            handOver.run();
            return null;
        }
        return orReleased(
                lane.takeNext(handOver, maxEvents(), work.cut(), limit(), time().nanos()));
    }

    /** The limit may have been raised between its reading and the lane's being held. */
    private @Nullable Work orReleased(@Nullable Work taken) {
        Work next = taken;
        while (next == null && lane.release(limit())) {
            next = lane.take(maxEvents(), work.cut(), limit(), time().nanos());
        }
        if (next == null && lane.gatheringEnds().isPresent()) {
            work.gathering().add(lane);
        }
        return next;
    }

    private boolean mayStart() {
        return !work.epoch().isClosed() && !work.stopping().getAsBoolean();
    }

    private int maxEvents() {
        return work.services().maxEvents(work.trigger());
    }

    /** Runs one attempt; null when its deadline passed first, and then it has been reported. */
    private @Nullable AttemptReport attempt(Work batch) {
        var attempt = new Attempt(lane, batch, work);
        return attempt.prepare() ? invoke(attempt) : attempt.reportUnhandled();
    }

    private AttemptEnd invoke(Attempt attempt, Invocation invocation) {
        try {
            return attempt.function().invoker().invoke(invocation);
        } catch (RuntimeException | Error bug) {
            // An invoker must not throw. If one does, the lane must not stand still for ever.
            LOG.error("An attempt of trigger {} broke", work.trigger().id(), bug);
            return new AttemptEnd.Failed(Attempt.broken(bug));
        }
    }

    private @Nullable AttemptReport invoke(Attempt attempt) {
        Duration timeout = attempt.function().spec().timeout();
        Invocation invocation = attempt.invocation();
        long start = time().nanos();
        RunningAttempts.Attempt running =
                work.services()
                        .attempts()
                        .start(timeout, attempt.raw(), () -> expired(attempt, timeout));
        AttemptEnd end = invoke(attempt, invocation);
        if (!running.end()) {
            return null;
        }
        return attempt.report(end, Duration.ofNanos(time().nanos() - start));
    }

    /**
     * On the thread that watches deadlines: the handler still runs, but its end no longer counts.
     */
    private void expired(Attempt attempt, Duration timeout) {
        lane.rest();
        var failure =
                new Failure(
                        Failure.Kind.TIMED_OUT,
                        "Sandbox.Timedout",
                        attempt.requestId()
                                + " Task timed out after "
                                + timeout.toMillis() / 1000.0
                                + " seconds");
        work.reports().offer(attempt.report(new AttemptEnd.Failed(failure), timeout));
    }

    private long limit() {
        return work.epoch().limit().get();
    }

    private TimeSource time() {
        return work.services().time();
    }
}
