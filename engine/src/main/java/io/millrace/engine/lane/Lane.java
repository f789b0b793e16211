package io.millrace.engine.lane;

import io.millrace.engine.model.RawEvent;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.OptionalLong;

/**
 * An ordered shard: the events of one partition that share a key hash, in offset order. Where no
 * order is kept, lanes share one queue and each is merely one invocation at a time.
 *
 * <ul>
 *   <li>At most one batch of a lane is out at a time, so order within the lane holds.
 *   <li>After a failed attempt an ordered lane rests until the stream thread has decided; otherwise
 *       a retry would come after its successors.
 * </ul>
 *
 * Threading: the StreamThread offers and decides, one pool thread takes; guarded by a short lock.
 */
public final class Lane {
    /** Where a lane stands. */
    private enum State {
        /** Nothing to do. */
        EMPTY,
        /** Waits for more events, until its window is over. */
        GATHERING,
        /** Has work and waits for a thread, or one is about to take it. */
        READY,
        /** Its next event lies above the dispatch limit. */
        HELD,
        /** A batch is out. */
        RUNNING,
        /** The stream thread decides, or a retry waits for its time. */
        RESTING;

        boolean waits() {
            return this == GATHERING || this == HELD;
        }
    }

    private final long id;
    private final EventQueue queue;
    private final boolean ordered;
    private State state = State.EMPTY;
    private long gatheringEnds;

    Lane(long id, EventQueue queue, boolean ordered) {
        this.id = id;
        this.queue = queue;
        this.ordered = ordered;
    }

    public long id() {
        return id;
    }

    /** Whether its events have to come to their ends one after the other. */
    public boolean isOrdered() {
        return ordered;
    }

    /** Appends an event; true when the lane has become ready and somebody has to run it. */
    boolean offer(RawEvent event, int maxEvents, Cut cut, long now) {
        synchronized (queue) {
            queue.add(event);
            return wake() || endGathering(maxEvents, cut, now);
        }
    }

    /** It may have something to do: true when somebody has to run it. */
    boolean wake() {
        synchronized (queue) {
            if (state != State.EMPTY) {
                return false;
            }
            become(State.READY);
            return true;
        }
    }

    /**
     * A gathering lane may have enough by now, or its window is over: true when somebody has to run
     * it.
     */
    public boolean endGathering(int maxEvents, Cut cut, long now) {
        synchronized (queue) {
            if (state != State.GATHERING) {
                return false;
            }
            long wait = queue.gathers(maxEvents, cut, now);
            if (wait > 0) {
                // Another lane of the same queue may have begun a batch meanwhile.
                gatheringEnds = now + wait;
                return false;
            }
            become(State.READY);
            return true;
        }
    }

    /**
     * The next batch, or nothing: then the lane is empty, gathers, or is held by the dispatch
     * limit, and must be let go.
     *
     * @param limit highest offset that may be started
     * @param now on the monotonic clock
     */
    public @Nullable Work take(int maxEvents, Cut cut, long limit, long now) {
        synchronized (queue) {
            long wait = queue.gathers(maxEvents, cut, now);
            if (wait > 0 && !queue.isHeldBy(limit)) {
                become(State.GATHERING);
                gatheringEnds = now + wait;
                return null;
            }
            Work next = queue.cut(maxEvents, cut, limit);
            if (next != null) {
                become(State.RUNNING);
            } else if (queue.isEmpty()) {
                becomeEmpty();
            } else {
                become(State.HELD);
            }
            return next;
        }
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
    public @Nullable Work takeNext(
            Runnable handOver, int maxEvents, Cut cut, long limit, long now) {
        synchronized (queue) {
            handOver.run();
            return take(maxEvents, cut, limit, now);
        }
    }

    /**
     * The turn of the thread that ran the lane is over: hands over as {@link #takeNext} does, and
     * true when the lane has more to do.
     */
    public boolean yieldTurn(Runnable handOver) {
        synchronized (queue) {
            handOver.run();
            return goOn();
        }
    }

    /** The stream thread has to decide before the lane goes on. */
    public void rest() {
        synchronized (queue) {
            become(State.RESTING);
        }
    }

    /** Ends the rest, if it rests; true when the lane has more to do and somebody has to run it. */
    public boolean resume() {
        synchronized (queue) {
            return state == State.RESTING && goOn();
        }
    }

    /** Ends the rest with this, before everything that is queued; somebody has to run the lane. */
    public void resumeWith(List<Work> works) {
        synchronized (queue) {
            queue.addFirst(works);
            become(State.READY);
        }
    }

    /** What waits in the resting lane, handed to the stream thread. */
    public List<Work> drain(Cut.Earlier earlier) {
        synchronized (queue) {
            return queue.drain(earlier);
        }
    }

    /**
     * The dispatch limit was raised: true when the lane waited for it and somebody has to run it.
     */
    public boolean release(long limit) {
        synchronized (queue) {
            if (state != State.HELD || queue.isHeldBy(limit)) {
                return false;
            }
            return goOn();
        }
    }

    /** There is work that waits neither for the limit nor for more: true when it did wait. */
    boolean stopWaiting() {
        synchronized (queue) {
            return state.waits() && goOn();
        }
    }

    /** Whether nothing is queued, out or waiting. */
    public boolean isIdle() {
        synchronized (queue) {
            return state == State.EMPTY;
        }
    }

    /** Whether the lane waits for the dispatch limit. */
    public boolean isHeld() {
        synchronized (queue) {
            return state == State.HELD;
        }
    }

    @Nullable RawEvent find(long offset) {
        synchronized (queue) {
            return queue.find(offset);
        }
    }

    /** Whether no event waits in it. */
    public boolean hasNoQueue() {
        synchronized (queue) {
            return queue.isEmpty();
        }
    }

    /** Forgets parked work that waits: it will come from the store again. */
    public void dropParkedWork() {
        synchronized (queue) {
            queue.dropParkedWork();
        }
    }

    /** Whether parked work waits to be run before its queue. */
    public boolean hasParkedWork() {
        synchronized (queue) {
            return queue.hasParkedWork();
        }
    }

    /**
     * More of the lane that runs, where its batch is not full after all: events that have come as
     * far as the batch.
     */
    public List<RawEvent> takeMore(int maxEvents, Cut cut, long limit, Progress progress) {
        synchronized (queue) {
            return queue.more(maxEvents, cut, limit, progress);
        }
    }

    /** Puts what was drained back in front of the resting lane's queue. */
    public void putBack(List<Work> works) {
        synchronized (queue) {
            queue.addFirst(works);
        }
    }

    /** When its window is over, on the monotonic clock; empty when it does not gather. */
    public OptionalLong gatheringEnds() {
        synchronized (queue) {
            return state == State.GATHERING ? OptionalLong.of(gatheringEnds) : OptionalLong.empty();
        }
    }

    private boolean goOn() {
        if (queue.isEmpty()) {
            becomeEmpty();
            return false;
        }
        become(State.READY);
        return true;
    }

    private void become(State next) {
        queue.waits(state.waits(), next.waits());
        state = next;
    }

    private void becomeEmpty() {
        become(State.EMPTY);
        if (!ordered) {
            queue.idle().addLast(this);
        }
    }
}
