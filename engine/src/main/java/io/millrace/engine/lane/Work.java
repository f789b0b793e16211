package io.millrace.engine.lane;

import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.WindowInput;

import java.util.List;
import java.util.Optional;

/**
 * What is run next: events of one lane that have come equally far.
 *
 * @param events in offset order, never empty
 * @param parked whether the events lie in the parking store: then their offsets are finished, and
 *     what follows them in the lane lies there too
 * @param window the tumbling window they belong to, where the trigger has such; if it is closed,
 *     the only event is the engine's own and stands for it
 */
public record Work(
        List<RawEvent> events, Progress progress, boolean parked, Optional<WindowInput> window) {
    public Work {
        events = List.copyOf(events);
    }

    /** Outside of windows. */
    public Work(List<RawEvent> events, Progress progress, boolean parked) {
        this(events, progress, parked, Optional.empty());
    }

    /** Events that are run for the first time since they were read. */
    public static Work of(List<RawEvent> events, Progress progress) {
        return new Work(events, progress, false);
    }

    /** Whether this is the final invocation of a window, and its event not one of the topic. */
    public boolean closesWindow() {
        return window.isPresent() && window.get().isFinal();
    }

    /** Number of the attempt that this work is for, 1 for the first. */
    public int attempt() {
        return progress.attempts() + 1;
    }
}
