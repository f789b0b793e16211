package io.millrace.engine.delivery;

import io.millrace.engine.lane.Progress;
import io.millrace.engine.model.RawEvent;

import java.util.Optional;

/**
 * What outlives a crash of an event that is not settled.
 *
 * @param dueAt when it is tried again, in milliseconds since 1970; 0 for as soon as its lane comes
 *     to it
 * @param event the event itself where its offset is finished; empty where it is read again from its
 *     topic
 */
public record ParkedEvent(Progress progress, long dueAt, Optional<RawEvent> event) {
    /** Bytes it takes in the store, near enough for limits. */
    public int sizeInBytes() {
        return 48 + event.map(RawEvent::sizeInBytes).orElse(0);
    }
}
