package io.millrace.engine.model;

import java.time.Instant;
import java.util.Optional;

/**
 * The tumbling window of one invocation, as the handler is told (WIN-2).
 *
 * @param state an object of JSON, {@value #NO_STATE} at first
 * @param closing what is closed, if this is the window's final invocation
 */
public record WindowInput(Instant start, Instant end, String state, Optional<Closing> closing) {
    /** The state of a window that has none yet. */
    public static final String NO_STATE = "{}";

    /**
     * What the window held that is closed.
     *
     * @param early whether its state became too large before it was over (WIN-4)
     */
    public record Closing(boolean early, BatchRange contents) {}

    public boolean isFinal() {
        return closing.isPresent();
    }

    public boolean isTerminatedEarly() {
        return closing.isPresent() && closing.get().early();
    }

    /** start/end, never the state: it may hold secrets. */
    @Override
    public String toString() {
        return start + "/" + end;
    }
}
