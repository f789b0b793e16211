package io.millrace.engine.app;

import io.millrace.engine.model.TriggerId;

/**
 * How a trigger fares on this node.
 *
 * @param reason in words, for people; empty while it runs, unless something has happened that
 *     somebody should know
 */
public record TriggerState(TriggerId trigger, Phase phase, String reason) {
    /** Where a trigger stands. */
    public enum Phase {
        /** It is being prepared, or its partitions are being shared out among the nodes. */
        STARTING,
        RUNNING,
        /** Something is missing or broken; the node tries again by itself. */
        WAITING,
        /** Somebody, or the trigger itself, holds it up for a time. */
        PAUSED,
        DISABLED,
        /** What runs comes to its end. */
        STOPPING,
        /** Something is wrong that trying again would make worse. */
        STOPPED;

        /** Whether it has its partitions, and everything it makes for itself. */
        boolean hasStarted() {
            return this == RUNNING || this == PAUSED;
        }
    }
}
