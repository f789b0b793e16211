package io.millrace.engine.execute;

import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.time.TimeSource;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Keeps the deadlines of the attempts that run on one node.
 *
 * <ul>
 *   <li>An attempt ends once: by its handler or by its deadline, whichever comes first.
 *   <li>A deadline is met at most one look late. The attempt's thread is interrupted only while it
 *       still runs this attempt.
 * </ul>
 *
 * Threading: any thread; deadlines are watched on one platform thread.
 */
public final class RunningAttempts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningAttempts.class);
    private static final Duration SCAN = Duration.ofMillis(20);

    private final Set<Attempt> running = ConcurrentHashMap.newKeySet();
    private final TimeSource time;
    private final ScheduledFuture<?> scan;

    /** With a look at the deadlines every 20 ms. */
    public RunningAttempts(TimeSource time, ScheduledExecutorService deadlines) {
        this(time, deadlines, SCAN);
    }

    /**
     * Starts watching.
     *
     * @param looks between two looks at the deadlines
     */
    public RunningAttempts(TimeSource time, ScheduledExecutorService deadlines, Duration looks) {
        this.time = time;
        this.scan =
                deadlines.scheduleWithFixedDelay(
                        this::expire, looks.toMillis(), looks.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Starts an attempt whose events are nobody's business. */
    public Attempt start(Duration timeout, Runnable expired) {
        return start(timeout, List.of(), expired);
    }

    /**
     * Starts an attempt on the calling thread.
     *
     * @param events it was given
     * @param expired called on the watching thread when the deadline passes first
     */
    public Attempt start(Duration timeout, List<RawEvent> events, Runnable expired) {
        var attempt =
                new Attempt(
                        Thread.currentThread(), time.nanos() + timeout.toNanos(), events, expired);
        running.add(attempt);
        return attempt;
    }

    /** The event at this position if an attempt of it runs. Looks at all of them. */
    public Optional<RawEvent> find(EventPosition position) {
        for (Attempt attempt : running) {
            for (RawEvent event : attempt.events) {
                if (event.position().equals(position)) {
                    return Optional.of(event);
                }
            }
        }
        return Optional.empty();
    }

    public int count() {
        return running.size();
    }

    /** Stops watching; attempts that run go on without a deadline. */
    @Override
    public void close() {
        scan.cancel(false);
    }

    private void expire() {
        long now = time.nanos();
        for (Attempt attempt : running) {
            if (attempt.deadline - now <= 0) {
                attempt.expire();
            }
        }
    }

    /** One handler running. */
    public final class Attempt {
        private enum State {
            RUNNING,
            INTERRUPTING,
            EXPIRED,
            ENDED
        }

        private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
        private final Thread thread;
        private final long deadline;
        private final List<RawEvent> events;
        private final Runnable expired;

        private Attempt(Thread thread, long deadline, List<RawEvent> events, Runnable expired) {
            this.events = events;
            this.thread = thread;
            this.deadline = deadline;
            this.expired = expired;
        }

        /**
         * The handler has come back, on the thread that started the attempt.
         *
         * @return false when the deadline was first: what the handler returned no longer counts
         */
        public boolean end() {
            running.remove(this);
            boolean first = state.compareAndSet(State.RUNNING, State.ENDED);
            // Only when the interrupt has been sent is it safe to take it back.
            while (!first && state.get() != State.EXPIRED) {
                Thread.onSpinWait();
            }
            // Ours, or one that the handler set itself: neither may reach what runs here next.
            boolean _ = Thread.interrupted();
            return first;
        }

        private void expire() {
            if (state.compareAndSet(State.RUNNING, State.INTERRUPTING)) {
                thread.interrupt();
                state.set(State.EXPIRED);
                try {
                    expired.run();
                } catch (RuntimeException | Error e) {
                    // The deadlines of all other attempts are watched by this thread too.
                    LOG.error("A deadline could not be reported", e);
                }
            }
        }
    }
}
