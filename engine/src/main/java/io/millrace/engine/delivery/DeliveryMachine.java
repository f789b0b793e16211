package io.millrace.engine.delivery;

import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.LaneTable;
import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.MeteringLine;
import io.millrace.engine.model.Outcome;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.offsets.PartitionEpoch;
import io.millrace.engine.outcome.BilledDuration;
import io.millrace.engine.outcome.Disposition;
import io.millrace.engine.outcome.DispositionRule;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Decides about the events of one partition in one epoch.
 *
 * <ul>
 *   <li>An event is admitted once, and finished once, when it has its final outcome.
 *   <li>{@link #decide} changes nothing; {@link #apply} is called when everything the decision says
 *       has been written.
 *   <li>Attempts of an event are metered when it is settled, all together: committed attempts are
 *       1..n without gap or repetition.
 * </ul>
 *
 * Threading: StreamThread only. No clock: times come in.
 */
public final class DeliveryMachine {
    private final PartitionEpoch epoch;
    private final LaneTable lanes;
    private final DispositionRule rule;
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final Map<Lane, List<MeteringLine>> unsettledMetering = new HashMap<>();
    private long queuedBytes;

    public DeliveryMachine(PartitionEpoch epoch, LaneTable lanes, DispositionRule rule) {
        this.epoch = epoch;
        this.lanes = lanes;
        this.rule = rule;
    }

    /** A lane whose next attempt waits for its time. */
    private record Timer(long due, Lane lane, Lane.Work work) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            return Long.compare(due - other.due, 0);
        }
    }

    /** Whether this event was finished before and has to be skipped. */
    public boolean isSettled(long offset) {
        return epoch.tracker().isSettled(offset);
    }

    /** Takes an event in; gives the lanes that have to be run now. */
    public List<Lane> admit(RawEvent event) {
        epoch.tracker().admit(event.offset());
        queuedBytes += event.sizeInBytes();
        List<Lane> released = raiseLimit();
        Lane lane = lanes.laneOf(event);
        if (!lane.offer(event)) {
            return released;
        }
        if (released.isEmpty()) {
            return List.of(lane);
        }
        released.add(lane);
        return released;
    }

    /** What the report means. */
    public Decision decide(AttemptReport report) {
        List<RawEvent> events = report.work().events();
        var settled = new ArrayList<Decision.Settled>(events.size());
        Decision.@Nullable Retry retry = null;
        for (int i = 0; i < events.size() && retry == null; i++) {
            switch (endOf(report.end(), i)) {
                case ItemEnd.Done(var output) ->
                        settled.add(
                                new Decision.Settled(events.get(i), new Outcome.Succeeded(output)));
                case ItemEnd.Failed(var failure) -> {
                    switch (rule.decide(failure, report.work().attempt())) {
                        case Disposition.Settle(var outcome) ->
                                settled.add(new Decision.Settled(events.get(i), outcome));
                        case Disposition.Retry(var attempt, var delay) -> {
                            // Everything from here on is tried again, so that order holds.
                            var rest = events.subList(i, events.size());
                            retry = new Decision.Retry(new Lane.Work(rest, attempt), delay);
                        }
                    }
                }
            }
        }
        return new Decision(
                report, settled, Optional.ofNullable(retry), metering(report, settled.isEmpty()));
    }

    /**
     * The decision has been written: its events are finished and its lane goes on.
     *
     * @param now on the monotonic clock
     * @return lanes that have to be run now
     */
    public List<Lane> apply(Decision decision, long now) {
        Lane lane = decision.report().lane();
        for (Decision.Settled settled : decision.settled()) {
            epoch.tracker().finish(settled.event().offset());
            queuedBytes -= settled.event().sizeInBytes();
        }
        var runnable = new ArrayList<Lane>(1);
        if (decision.settled().isEmpty()) {
            line(decision.report())
                    .ifPresent(line ->
                            unsettledMetering
                                    .computeIfAbsent(lane, _ -> new ArrayList<>())
                                    .add(line));
        } else {
            unsettledMetering.remove(lane);
        }
        if (decision.retry().isPresent()) {
            Decision.Retry retry = decision.retry().get();
            timers.add(new Timer(now + retry.delay().toNanos(), lane, retry.work()));
        } else if (!decision.report().isClean() && lane.resume()) {
            runnable.add(lane);
        }
        lanes.dropIfIdle(lane);
        runnable.addAll(raiseLimit());
        return runnable;
    }

    /** Lanes whose retry is due. */
    public List<Lane> due(long now) {
        var runnable = new ArrayList<Lane>();
        Timer next = timers.peek();
        while (next != null && next.due() - now <= 0) {
            timers.remove();
            next.lane().retry(next.work());
            runnable.add(next.lane());
            next = timers.peek();
        }
        return runnable;
    }

    /** When {@link #due} has something to give, on the monotonic clock; never is the maximum. */
    public long nextDue() {
        Timer next = timers.peek();
        return next == null ? Long.MAX_VALUE : next.due();
    }

    /** Events admitted and not yet finished. */
    public int unfinished() {
        return epoch.tracker().unfinished();
    }

    /** Bytes held by events that are admitted and not yet finished. */
    public long queuedBytes() {
        return queuedBytes;
    }

    /** Attempts that are waiting for their time. */
    public int retriesWaiting() {
        return timers.size();
    }

    /** Raises the dispatch limit; gives the lanes that waited for it. */
    private List<Lane> raiseLimit() {
        long before = epoch.limit().get();
        boolean raised = epoch.limit().raise(epoch.tracker());
        // A lane can only wait when there are events above the limit.
        return raised && epoch.tracker().highest() > before
                ? lanes.release(epoch.limit().get())
                : List.of();
    }

    private static ItemEnd endOf(AttemptEnd end, int index) {
        return switch (end) {
            case AttemptEnd.Completed(var items) -> items.get(index);
            case AttemptEnd.Failed(var failure) -> new ItemEnd.Failed(failure);
        };
    }

    /** The lines to write with this decision: none while nothing is settled. */
    private List<MeteringLine> metering(AttemptReport report, boolean nothingSettled) {
        if (nothingSettled) {
            return List.of();
        }
        var lines = new ArrayList<>(unsettledMetering.getOrDefault(report.lane(), List.of()));
        line(report).ifPresent(lines::add);
        return lines;
    }

    private static Optional<MeteringLine> line(AttemptReport report) {
        if (report.handled() == 0) {
            return Optional.empty();
        }
        List<RawEvent> events = report.work().events();
        return Optional.of(
                new MeteringLine(
                        report.requestId(),
                        report.function(),
                        events.getFirst().offset(),
                        events.getLast().offset(),
                        report.handled(),
                        report.work().attempt(),
                        report.span().startedAt(),
                        report.span().duration(),
                        BilledDuration.millis(report.span().duration()),
                        word(report)));
    }

    /** The end of an attempt in the words of the metering schema. */
    private static String word(AttemptReport report) {
        return switch (report.end()) {
            case AttemptEnd.Completed completed ->
                    completed.isClean() ? "SUCCEEDED" : wordOfItems(completed);
            case AttemptEnd.Failed(var failure) -> word(failure.kind());
        };
    }

    private static String wordOfItems(AttemptEnd.Completed completed) {
        return completed.items().size() == 1
                        && completed.items().getFirst() instanceof ItemEnd.Failed(var failure)
                ? word(failure.kind())
                : "PARTLY_FAILED";
    }

    private static String word(Failure.Kind kind) {
        return switch (kind) {
            case FUNCTION_ERROR, NON_RETRYABLE, TOO_LARGE -> "FAILED";
            case TIMED_OUT -> "TIMED_OUT";
            case ENVIRONMENT_LOST -> "ENVIRONMENT_LOST";
            case UNDECODABLE -> "UNDECODABLE";
            case UNAVAILABLE -> "UNAVAILABLE";
        };
    }
}
