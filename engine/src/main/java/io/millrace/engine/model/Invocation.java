package io.millrace.engine.model;

import java.time.Instant;
import java.util.List;

/**
 * One call of a handler.
 *
 * @param events one lane's batch, in offset order, never empty
 * @param attempt 1 for the first try of these events
 * @param deadline when the attempt is ended, on the wall clock
 */
public record Invocation(
        RequestId requestId,
        FunctionSpec function,
        TriggerId trigger,
        List<Event> events,
        int attempt,
        Instant deadline) {
    public Invocation {
        events = List.copyOf(events);
    }
}
