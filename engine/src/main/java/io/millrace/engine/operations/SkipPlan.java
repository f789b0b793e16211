package io.millrace.engine.operations;

import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.TriggerId;

import java.time.Instant;

/**
 * The event that is left out.
 *
 * @param timestamp of the event
 * @param bytes of its key and value
 */
public record SkipPlan(TriggerId trigger, EventPosition position, Instant timestamp, int bytes) {}
