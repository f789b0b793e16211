package io.millrace.engine.delivery;

import io.millrace.engine.lane.Lane;
import io.millrace.engine.model.MeteringLine;
import io.millrace.engine.model.Outcome;
import io.millrace.engine.model.RawEvent;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a report means, decided but not yet done: everything in it happens together or not at all.
 *
 * @param settled events with their final outcomes, in offset order
 * @param retry what is tried again, in the lane
 * @param metering attempts to be written now: those of events that are settled, first try first
 */
public record Decision(
        AttemptReport report,
        List<Settled> settled,
        Optional<Retry> retry,
        List<MeteringLine> metering) {
    public Decision {
        settled = List.copyOf(settled);
        metering = List.copyOf(metering);
    }

    /** An event and its fate. */
    public record Settled(RawEvent event, Outcome outcome) {}

    /** Another attempt, after a delay. */
    public record Retry(Lane.Work work, Duration delay) {}
}
