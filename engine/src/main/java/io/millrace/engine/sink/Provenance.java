package io.millrace.engine.sink;

import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.RequestId;

import java.time.Instant;

/**
 * The facts of one event's last attempt that go into the headers of what it leaves behind.
 *
 * @param attempt number of the attempt, and so how often the event was tried
 * @param endedAt when the attempt ended; the timestamp of what is written
 */
public record Provenance(RequestId requestId, RawEvent event, int attempt, Instant endedAt) {}
