package io.millrace.engine.execute;

import io.millrace.engine.time.TimeSource;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
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
 *   <li>A deadline is met at most {@value #SCAN_MILLIS} ms late. The attempt's thread is
 *       interrupted only while it still runs this attempt.
 * </ul>
 *
 * Threading: any thread; deadlines are watched on one platform thread.
 */
public final class RunningAttempts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningAttempts.class);
    private static final long SCAN_MILLIS = 20;

    private final Set<Attempt> running = ConcurrentHashMap.newKeySet();
    private final TimeSource time;
    private final ScheduledFuture<?> scan;

    public RunningAttempts(TimeSource time, ScheduledExecutorService deadlines) {
        this.time = time;
        this.scan =
                deadlines.scheduleWithFixedDelay(
                        this::expire, SCAN_MILLIS, SCAN_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Starts an attempt on the calling thread.
     *
     * @param expired called on the watching thread when the deadline passes first
     */
    public Attempt start(Duration timeout, Runnable expired) {
        var attempt =
                new Attempt(Thread.currentThread(), time.nanos() + timeout.toNanos(), expired);
        running.add(attempt);
        return attempt;
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
        private final Runnable expired;

        private Attempt(Thread thread, long deadline, Runnable expired) {
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
