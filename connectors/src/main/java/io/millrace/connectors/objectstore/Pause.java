package io.millrace.connectors.objectstore;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Waits until a noted time, in bounded pieces, and ends at once when it is stopped.
 *
 * <p>Threading: one waiter; {@code stop} from any thread.
 */
final class Pause {
    /** The longest that one wait takes. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stopping = lock.newCondition();
    private boolean stopped;
    private Instant until = Instant.MIN;
    private Duration longest = Duration.ZERO;

    Pause(InstantSource clock) {
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    /** The next wait ends this much later than now. */
    void untilAfter(Duration duration) {
        until = clock.instant().plus(duration);
        longest = duration;
    }

    /** Waits a bounded time; true if the noted time has come and nobody stopped it. */
    boolean await() throws InterruptedException {
        Duration left = left();
        lock.lockInterruptibly();
        try {
            if (!stopped && left.compareTo(Duration.ZERO) > 0) {
                long nanos = Math.min(left.toNanos(), LONGEST_WAIT.toNanos());
                while (!stopped && nanos > 0) {
                    nanos = stopping.awaitNanos(nanos);
                }
            }
            return !stopped && left().compareTo(Duration.ZERO) <= 0;
        } finally {
            lock.unlock();
        }
    }

    void stop() {
        lock.lock();
        try {
            stopped = true;
            stopping.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isStopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    private Duration left() {
        if (until.equals(Instant.MIN)) {
            return Duration.ZERO;
        }
        Duration left = Duration.between(clock.instant(), until);
        if (left.compareTo(longest) > 0) {
            // The clock was set back: the pause does not become longer by that.
            untilAfter(longest);
            return longest;
        }
        return left;
    }
}
