package io.millrace.engine.delivery;

import io.millrace.engine.lane.Cut;
import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.LaneTable;
import io.millrace.engine.lane.Progress;
import io.millrace.engine.lane.Work;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.offsets.PartitionEpoch;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Moves events from their lanes into the parking store, in their order: what is parked is finished
 * for the offsets. Threading: StreamThread only.
 */
final class ParkingLot {
    private final PartitionEpoch epoch;
    private final LaneTable lanes;
    private final ParkedEvents parked;
    private final Cut cut;
    private final Consumer<RawEvent> leave;

    /** Events of parked lanes, on their way into the store. */
    private final ArrayDeque<RawEvent> arrived = new ArrayDeque<>();

    /**
     * @param leave finishes the offset of an event
     */
    ParkingLot(
            PartitionEpoch epoch,
            LaneTable lanes,
            ParkedEvents parked,
            Cut cut,
            Consumer<RawEvent> leave) {
        this.epoch = epoch;
        this.lanes = lanes;
        this.parked = parked;
        this.cut = cut;
        this.leave = leave;
    }

    /** Takes an event that belongs behind a parked one; false if it has to stay in its lane. */
    boolean takes(RawEvent event) {
        if (!parked.hasLanes() || !lanes.isOrdered() || !parked.isLaneParked(lanes.idOf(event))) {
            return false;
        }
        // Behind one that found no room nothing may be parked, or it would overtake.
        if (!lanes.lane(lanes.idOf(event)).hasNoQueue() || !parked.hasRoomFor(event)) {
            return false;
        }
        arrived.add(event);
        return true;
    }

    boolean hasArrivals() {
        return !arrived.isEmpty();
    }

    /** Puts what it took into the store, behind what is there. */
    void parkArrivals() {
        RawEvent event = arrived.poll();
        while (event != null) {
            parked.parkInLane(lanes.idOf(event), event, cut.earlier().of(event), 0);
            leave.accept(event);
            event = arrived.poll();
        }
    }

    /** The head and everything behind it, as far as there is room; the rest stays in the lane. */
    void park(Lane lane, List<Work> head, long dueAt) {
        for (Work work : head) {
            for (RawEvent event : work.events()) {
                park(lane, event, work.progress(), dueAt);
            }
        }
        List<Work> behind = lane.drain(cut.earlier());
        for (int i = 0; i < behind.size(); i++) {
            Work work = behind.get(i);
            if (!work.events().stream().allMatch(parked::hasRoomFor)) {
                lane.putBack(behind.subList(i, behind.size()));
                return;
            }
            for (RawEvent event : work.events()) {
                park(lane, event, work.progress(), 0);
            }
        }
    }

    private void park(Lane lane, RawEvent event, Progress progress, long dueAt) {
        boolean copied = parked.isParked(event.offset());
        parked.parkInLane(lane.id(), event, progress, dueAt);
        leaveUnless(copied, event);
    }

    /** One event, where there is no order. */
    void park(RawEvent event, Progress progress, long dueAt) {
        boolean copied = parked.isParked(event.offset());
        parked.park(event, progress, dueAt);
        leaveUnless(copied, event);
    }

    /** The offset of a copied event is finished already. */
    private void leaveUnless(boolean copied, RawEvent event) {
        if (copied) {
            epoch.touch();
        } else {
            leave.accept(event);
        }
    }
}
