package io.millrace.engine.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One call of a handler.
 *
 * @param events one lane's batch, in offset order; empty only where a window is closed
 * @param attempt 1 for the first try of these events
 * @param deadline when the attempt is ended, on the wall clock
 * @param window the tumbling window of the events, where the trigger has such
 */
public record Invocation(
        RequestId requestId,
        FunctionSpec function,
        TriggerId trigger,
        List<Event> events,
        int attempt,
        Instant deadline,
        Optional<WindowInput> window) {
    public Invocation {
        events = List.copyOf(events);
    }

    /** Without a window. */
    public Invocation(
            RequestId requestId,
            FunctionSpec function,
            TriggerId trigger,
            List<Event> events,
            int attempt,
            Instant deadline) {
        this(requestId, function, trigger, events, attempt, deadline, Optional.empty());
    }
}
