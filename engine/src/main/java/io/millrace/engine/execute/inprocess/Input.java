package io.millrace.engine.execute.inprocess;

import io.millrace.engine.model.Failure;

import org.jspecify.annotations.Nullable;

/** An event as the handler takes it, or why it cannot be had. */
sealed interface Input {
    /**
     * What is handed to the handler.
     *
     * @param value null for a tombstone, as the SDK promises
     */
    record Value(@Nullable Object value) implements Input {}

    /** The event does not fit the handler's type; another attempt would not change that. */
    record Unreadable(Failure failure) implements Input {}

    Input TOMBSTONE = new Value(null);
}
