package io.millrace.engine.delivery;

import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.Work;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.PriorityQueue;

/** What waits for its time in one partition. Threading: StreamThread only. */
final class Alarms {
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();

    /** What is to be done when the time has come. */
    sealed interface Alarm {
        /** An ordered lane goes on with this. */
        record Retry(Lane lane, List<Work> works) implements Alarm {}

        /** Work of an unordered partition goes on. */
        record RetryUnordered(Work work) implements Alarm {}

        /** The head of a parked lane is due. */
        record ParkedLane(long lane) implements Alarm {}

        /** A parked event of an unordered partition is due. */
        record ParkedEventDue(long offset) implements Alarm {}

        /** A lane's batching window is over. */
        record Window(Lane lane) implements Alarm {}
    }

    private record Timer(long due, Alarm alarm) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            return Long.compare(due - other.due, 0);
        }
    }

    void set(long due, Alarm alarm) {
        timers.add(new Timer(due, alarm));
    }

    /** The next alarm that is due, or null. */
    @Nullable Alarm next(long now) {
        Timer first = timers.peek();
        if (first == null || first.due() - now > 0) {
            return null;
        }
        timers.remove();
        return first.alarm();
    }

    /** When the next one is due, on the monotonic clock; the maximum for never. */
    long nextDue() {
        Timer first = timers.peek();
        return first == null ? Long.MAX_VALUE : first.due();
    }

    int size() {
        return timers.size();
    }
}
