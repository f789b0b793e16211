package io.millrace.engine.offsets;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Wakes a consumer, but only while it sits in {@code poll}: anywhere else the exception would kill
 * the stream thread. A wake-up carries no information; the outcome queue does.
 *
 * <p>Threading: any thread wakes, the StreamThread enters and leaves.
 */
final class PollWaker {
    private enum State {
        IDLE,
        POLLING,
        WAKING
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

    void enter() {
        state.set(State.POLLING);
    }

    void leave() {
        state.set(State.IDLE);
    }

    /** Calls {@code wakeup} at most once per poll. */
    void wake(Runnable wakeup) {
        if (state.get() == State.POLLING && state.compareAndSet(State.POLLING, State.WAKING)) {
            wakeup.run();
        }
    }
}
