package io.millrace.engine.topology;

import io.millrace.engine.delivery.Decision;
import io.millrace.engine.delivery.ParkingStore;
import io.millrace.engine.model.RawEvent;

/** The parking store of a partition, and what a commit policy keeps in it beside parked events. */
interface EventStore extends ParkingStore {
    /** Told of every event that was taken in; true when it was written down. */
    default boolean admitted(RawEvent event) {
        return false;
    }

    /** Told of every decision after it was applied. */
    default void settled(Decision decision) {}

    /** Everything of a change has been put: before the next commit can happen. */
    default void complete() {}
}
