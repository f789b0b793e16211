package io.millrace.engine.lane;

import io.millrace.engine.model.RawEvent;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Events that wait in one lane, or in all lanes of an unordered partition, and what is to be run
 * before them.
 *
 * <p>Threading: guarded by itself; lanes hold its lock.
 */
final class EventQueue {
    private final ArrayDeque<RawEvent> events = new ArrayDeque<>(4);
    private final ArrayDeque<Work> first = new ArrayDeque<>(0);
    private long bytes;

    /** When the batch that is being gathered began to be, or 0. */
    private long gatheringSince;

    /** Lanes that have nothing to do; used where the queue is shared. */
    private final ArrayDeque<Lane> idle = new ArrayDeque<>(0);

    /** Lanes that wait for the limit or for more events. */
    private int waitingLanes;

    ArrayDeque<Lane> idle() {
        return idle;
    }

    boolean hasWaitingLanes() {
        return waitingLanes > 0;
    }

    void waits(boolean before, boolean after) {
        waitingLanes += (after ? 1 : 0) - (before ? 1 : 0);
    }

    void add(RawEvent event) {
        events.addLast(event);
        bytes += event.sizeInBytes();
    }

    void addFirst(List<Work> works) {
        for (int i = works.size() - 1; i >= 0; i--) {
            first.addFirst(works.get(i));
        }
    }

    boolean isEmpty() {
        return events.isEmpty() && first.isEmpty();
    }

    /** Parked work lies in the store, too. */
    void dropParkedWork() {
        first.removeIf(Work::parked);
    }

    boolean hasParkedWork() {
        Work next = first.peekFirst();
        return next != null && next.parked();
    }

    /** Whether what is there is above the limit. */
    boolean isHeldBy(long limit) {
        RawEvent head = events.peekFirst();
        return first.isEmpty() && head != null && head.offset() > limit;
    }

    /**
     * Whether a batch should not be cut yet; begins to gather if it has not.
     *
     * @return nanoseconds to wait, 0 for none
     */
    long gathers(int maxEvents, Cut cut, long now) {
        if (cut.windowNanos() == 0
                || !first.isEmpty()
                || events.isEmpty()
                || events.size() >= maxEvents
                || bytes >= cut.maxBytes()) {
            return 0;
        }
        if (gatheringSince == 0) {
            gatheringSince = now == 0 ? 1 : now;
        }
        return Math.max(0, gatheringSince + cut.windowNanos() - now);
    }

    /** The next batch; null if there is nothing at or below the limit. */
    @Nullable Work cut(int maxEvents, Cut cut, long limit) {
        Work again = first.pollFirst();
        if (again != null) {
            return again;
        }
        RawEvent head = events.peekFirst();
        if (head == null || head.offset() > limit) {
            return null;
        }
        gatheringSince = 0;
        remove();
        Progress progress = cut.earlier().of(head);
        return maxEvents == 1
                ? Work.of(List.of(head), progress)
                : Work.of(batch(head, maxEvents, cut, limit, progress), progress);
    }

    private List<RawEvent> batch(
            RawEvent head, int maxEvents, Cut cut, long limit, Progress progress) {
        var batch = new ArrayList<RawEvent>(Math.min(maxEvents, events.size() + 1));
        batch.add(head);
        fill(batch, maxEvents, cut, limit, progress);
        return batch;
    }

    /** Events that may join a batch that has room for more. */
    List<RawEvent> more(int maxEvents, Cut cut, long limit, Progress progress) {
        var batch = new ArrayList<RawEvent>();
        if (first.isEmpty()) {
            fill(batch, maxEvents, cut, limit, progress);
        }
        return batch;
    }

    private void fill(List<RawEvent> batch, int maxEvents, Cut cut, long limit, Progress progress) {
        long size = 0;
        for (RawEvent event : batch) {
            size += event.sizeInBytes();
        }
        while (batch.size() < maxEvents) {
            RawEvent next = events.peekFirst();
            if (next == null
                    || next.offset() > limit
                    || size + next.sizeInBytes() > cut.maxBytes()
                    || !cut.earlier().of(next).equals(progress)) {
                break;
            }
            size += next.sizeInBytes();
            remove();
            batch.add(next);
        }
    }

    /** The event at this offset if it waits here, or null. Looks at all of them. */
    @Nullable RawEvent find(long offset) {
        for (Work work : first) {
            for (RawEvent event : work.events()) {
                if (event.offset() == offset) {
                    return event;
                }
            }
        }
        for (RawEvent event : events) {
            if (event.offset() == offset) {
                return event;
            }
        }
        return null;
    }

    private void remove() {
        bytes -= events.removeFirst().sizeInBytes();
    }

    /** Everything that waits, in offset order; the queue is empty afterwards. */
    List<Work> drain(Cut.Earlier earlier) {
        var all = new ArrayList<>(first);
        for (RawEvent event : events) {
            all.add(Work.of(List.of(event), earlier.of(event)));
        }
        first.clear();
        events.clear();
        bytes = 0;
        gatheringSince = 0;
        return all;
    }
}
