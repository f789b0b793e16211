package io.millrace.engine.lane;

import io.millrace.engine.model.RawEvent;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * An ordered shard: the events of one partition that share a key hash, in offset order.
 *
 * <ul>
 *   <li>At most one batch of a lane is out at a time, so order within the lane holds.
 *   <li>After a failed attempt the lane rests until the stream thread has decided; otherwise a
 *       retry would come after its successors.
 * </ul>
 *
 * Threading: the StreamThread offers and decides, one pool thread takes; guarded by a short lock.
 */
public final class Lane {
    /** Where a lane stands. */
    private enum State {
        /** Nothing to do. */
        EMPTY,
        /** Has work and waits for a thread, or one is about to take it. */
        READY,
        /** Its next event lies above the dispatch limit. */
        HELD,
        /** A batch is out. */
        RUNNING,
        /** An attempt failed: the stream thread decides, or a retry waits for its time. */
        RESTING
    }

    private final long id;
    private final ArrayDeque<RawEvent> queue = new ArrayDeque<>(4);
    private State state = State.EMPTY;
    private @Nullable Work redo;

    Lane(long id) {
        this.id = id;
    }

    /**
     * What is to be run next.
     *
     * @param attempt 1 for the first try
     */
    public record Work(List<RawEvent> events, int attempt) {
        public Work {
            events = List.copyOf(events);
        }
    }

    public long id() {
        return id;
    }

    /** Appends an event; true when the lane has become ready and somebody has to run it. */
    public synchronized boolean offer(RawEvent event) {
        queue.addLast(event);
        if (state != State.EMPTY) {
            return false;
        }
        state = State.READY;
        return true;
    }

    /**
     * The next batch, or nothing: then the lane is empty, or held by the dispatch limit, and must
     * be let go.
     *
     * @param maxEvents events in the batch at most
     * @param maxBytes bytes in the batch at most; a single event may be larger
     * @param limit highest offset that may be started
     */
    public synchronized @Nullable Work take(int maxEvents, int maxBytes, long limit) {
        Work again = redo;
        if (again != null) {
            redo = null;
            state = State.RUNNING;
            return again;
        }
        RawEvent head = queue.peekFirst();
        if (head == null) {
            state = State.EMPTY;
            return null;
        }
        if (head.offset() > limit) {
            state = State.HELD;
            return null;
        }
        state = State.RUNNING;
        queue.removeFirst();
        if (maxEvents == 1) {
            return new Work(List.of(head), 1);
        }
        return new Work(batchFrom(head, maxEvents, maxBytes, limit), 1);
    }

    /**
     * Hands over what came of the batch that is out and takes the next one, in one step.
     *
     * <p>The report has to be out before another thread can run the lane, or that one's report
     * could come first; and whoever reads the report has to find the lane empty if it is, or it
     * would never be forgotten.
     *
     * @param handOver short; must not wait
     */
    public synchronized @Nullable Work takeNext(
            Runnable handOver, int maxEvents, int maxBytes, long limit) {
        handOver.run();
        return take(maxEvents, maxBytes, limit);
    }

    private List<RawEvent> batchFrom(RawEvent head, int maxEvents, int maxBytes, long limit) {
        var batch = new ArrayList<RawEvent>(Math.min(maxEvents, queue.size() + 1));
        batch.add(head);
        int bytes = head.sizeInBytes();
        while (batch.size() < maxEvents) {
            RawEvent next = queue.peekFirst();
            if (next == null || next.offset() > limit || bytes + next.sizeInBytes() > maxBytes) {
                break;
            }
            bytes += next.sizeInBytes();
            batch.add(queue.removeFirst());
        }
        return batch;
    }

    /**
     * The turn of the thread that ran the lane is over: hands over as {@link #takeNext} does, and
     * true when the lane has more to do.
     */
    public synchronized boolean yieldTurn(Runnable handOver) {
        handOver.run();
        return resume();
    }

    /** The attempt that is out did not end well: the lane rests until the stream thread decides. */
    public synchronized void rest() {
        state = State.RESTING;
    }

    /** Ends the rest; true when the lane has more to do and somebody has to run it. */
    public synchronized boolean resume() {
        if (queue.isEmpty()) {
            state = State.EMPTY;
            return false;
        }
        state = State.READY;
        return true;
    }

    /** Ends the rest with another attempt, before everything that is queued. */
    public synchronized void retry(Work work) {
        redo = work;
        state = State.READY;
    }

    /**
     * The dispatch limit was raised: true when the lane waited for it and somebody has to run it.
     */
    public synchronized boolean release(long limit) {
        RawEvent head = queue.peekFirst();
        if (state != State.HELD || head == null || head.offset() > limit) {
            return false;
        }
        state = State.READY;
        return true;
    }

    /** Whether nothing is queued, out or waiting. */
    public synchronized boolean isIdle() {
        return state == State.EMPTY;
    }

    /** Whether the lane waits for the dispatch limit. */
    public synchronized boolean isHeld() {
        return state == State.HELD;
    }
}
