package io.millrace.engine.delivery;

import io.millrace.engine.lane.Work;
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
 * @param retained what is tried again, in this order, each as a batch of its own
 * @param delay before the first of these
 */
public record Decision(
        AttemptReport report,
        List<Settled> settled,
        List<Work> retained,
        Duration delay,
        Optional<MeteringLine> metering) {
    /**
     * An event and its fate.
     *
     * @param strikes failures that counted against it, the last one included
     */
    public record Settled(RawEvent event, Outcome outcome, int strikes) {}
}
