package io.millrace.engine.execute.inprocess;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many invocations run, and a door that can be shut behind the last one. Threading: any thread.
 */
final class RunningCount {
    private static final long SHUT = Long.MIN_VALUE;

    /** The count; its sign bit is set once the door is shut. */
    private final AtomicLong state = new AtomicLong();

    private final CountDownLatch empty = new CountDownLatch(1);

    /** Counts one more, unless the door is shut. */
    boolean enter() {
        return state.getAndUpdate(count -> count < 0 ? count : count + 1) >= 0;
    }

    void leave() {
        if (state.decrementAndGet() == SHUT) {
            empty.countDown();
        }
    }

    /** Shuts the door; says whether this call was the one that did. */
    boolean shut() {
        long before = state.getAndUpdate(count -> count | SHUT);
        if (before == 0) {
            empty.countDown();
        }
        return before >= 0;
    }

    /** Waits until nobody is left inside; says whether that came about in time. */
    boolean awaitEmpty(Duration longest) throws InterruptedException {
        return empty.await(longest.toNanos(), TimeUnit.NANOSECONDS);
    }
}
