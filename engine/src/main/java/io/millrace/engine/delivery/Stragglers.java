package io.millrace.engine.delivery;

import io.millrace.engine.config.EngineLimits;
import io.millrace.engine.lane.LaneTable;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.offsets.OffsetTracker;
import io.millrace.engine.offsets.PartitionEpoch;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Which events hold up what is committed behind them for so long that they have to be copied into
 * the parking store.
 *
 * <ul>
 *   <li>The lowest unfinished event, when events wait for the dispatch limit because of it and it
 *       has been there for {@link EngineLimits.Copying#heldUp}.
 *   <li>The lowest unfinished event, when it is so old that its topic is going to delete it, and it
 *       has been there for {@link EngineLimits.Copying#expiring} (or that age, if it is less): a
 *       backlog of old events is not copied on its way through.
 * </ul>
 *
 * Threading: StreamThread only. No clock: times come in.
 */
final class Stragglers {
    private final PartitionEpoch epoch;
    private final LaneTable lanes;
    private final Duration maxUnfinished;
    private final int maxCopies;
    private final Boundary holdsUp;
    private final Boundary lingers;

    Stragglers(PartitionEpoch epoch, LaneTable lanes, ParkingLimits limits) {
        this.epoch = epoch;
        this.lanes = lanes;
        this.maxUnfinished = limits.maxUnfinished();
        EngineLimits.Copying copying = limits.copying();
        this.maxCopies = copying.maxEvents();
        this.holdsUp = new Boundary(copying.heldUp());
        this.lingers =
                new Boundary(
                        maxUnfinished.compareTo(copying.expiring()) < 0
                                ? maxUnfinished
                                : copying.expiring());
    }

    /** Offsets up to which everything has been there for at least so long. */
    private static final class Boundary {
        private final long nanos;
        private long noted = -1;
        private long notedAt;
        private long reached = -1;
        private boolean begun;

        private Boundary(Duration age) {
            this.nanos = age.toNanos();
        }

        private void look(long highest, long now) {
            if (!begun || now - notedAt >= nanos) {
                reached = begun ? noted : -1;
                begun = true;
                noted = highest;
                notedAt = now;
            }
        }
    }

    /**
     * Copies what is due and has room; to be called now and then.
     *
     * @param running gives an event that a handler has
     * @param leave finishes the offset of a copied event
     * @return how many were copied; lanes may have to be released then
     */
    int copy(
            ParkedEvents parked,
            LongFunction<Optional<RawEvent>> running,
            Consumer<RawEvent> leave,
            Moment now) {
        OffsetTracker tracker = epoch.tracker();
        holdsUp.look(tracker.highest(), now.nanos());
        lingers.look(tracker.highest(), now.nanos());
        int copied = 0;
        while (copied < maxCopies && mayBeDue(tracker.mark())) {
            long mark = tracker.mark();
            Optional<RawEvent> found =
                    running.apply(mark).or(() -> Optional.ofNullable(lanes.find(mark)));
            if (found.isEmpty()
                    || !parked.hasRoomFor(found.get())
                    || !isDue(found.get(), now.millis())) {
                break;
            }
            parked.copy(found.get());
            leave.accept(found.get());
            boolean _ = epoch.limit().raise(tracker);
            copied++;
        }
        return copied;
    }

    /** Cheap, before the event is looked for. */
    private boolean mayBeDue(long mark) {
        return mark >= 0 && (isHeldUpBy(mark) || mark <= lingers.reached);
    }

    private boolean isDue(RawEvent event, long nowMillis) {
        return isHeldUpBy(event.offset())
                || (event.offset() <= lingers.reached
                        && nowMillis - event.timestamp() > maxUnfinished.toMillis());
    }

    private boolean isHeldUpBy(long mark) {
        return epoch.headroom() < 0 && mark <= holdsUp.reached;
    }
}
