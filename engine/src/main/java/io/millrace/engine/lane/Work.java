package io.millrace.engine.lane;

import io.millrace.engine.model.RawEvent;

import java.util.List;

/**
 * What is run next: events of one lane that have come equally far.
 *
 * @param events in offset order, never empty
 * @param parked whether the events lie in the parking store: then their offsets are finished, and
 *     what follows them in the lane lies there too
 */
public record Work(List<RawEvent> events, Progress progress, boolean parked) {
    public Work {
        events = List.copyOf(events);
    }

    /** Events that are run for the first time since they were read. */
    public static Work of(List<RawEvent> events, Progress progress) {
        return new Work(events, progress, false);
    }

    /** Number of the attempt that this work is for, 1 for the first. */
    public int attempt() {
        return progress.attempts() + 1;
    }
}
