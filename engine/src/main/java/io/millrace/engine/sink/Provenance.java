package io.millrace.engine.sink;

import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.RequestId;

import java.time.Instant;

/**
 * The facts of one event's attempts that go into the headers of what it leaves behind.
 *
 * @param attempt number of the last attempt, and so how often the event was tried
 */
public record Provenance(RequestId requestId, RawEvent event, int attempt, Times times) {
    /**
     * When the event was tried.
     *
     * @param first when its first attempt failed; the start of the last one if none failed before
     * @param last when its last attempt began
     * @param ended when that ended; the timestamp of what is written
     */
    public record Times(Instant first, Instant last, Instant ended) {}

    /** When the last attempt ended. */
    public Instant endedAt() {
        return times.ended();
    }
}
