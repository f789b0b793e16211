package io.millrace.engine.execute;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What came of the attempts of one epoch, on its way to the stream thread.
 *
 * <p>Bounded by the unfinished events, since every entry belongs to events that are out. Threading:
 * any thread offers, the StreamThread peeks and removes.
 */
public final class OutcomeQueue<T> {
    private final ConcurrentLinkedQueue<T> queue = new ConcurrentLinkedQueue<>();
    private final Runnable arrived;

    /**
     * @param arrived called after every offer, to wake the stream thread
     */
    public OutcomeQueue(Runnable arrived) {
        this.arrived = arrived;
    }

    public void offer(T report) {
        queue.add(report);
        arrived.run();
    }

    public boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Reports that wait; walks the queue. */
    public int size() {
        return queue.size();
    }

    /** The oldest report, which stays until {@link #remove}: it is applied whole or again. */
    public @Nullable T peek() {
        return queue.peek();
    }

    public void remove() {
        queue.poll();
    }
}
