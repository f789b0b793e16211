package io.millrace.engine.app;

import io.millrace.engine.model.TriggerId;

/**
 * How a trigger fares on this node.
 *
 * @param reason in words, for people; empty while it runs
 */
public record TriggerState(TriggerId trigger, Phase phase, String reason) {
    /** Where a trigger stands. */
    public enum Phase {
        STARTING,
        RUNNING,
        /** Something is missing or broken; the node tries again by itself. */
        WAITING,
        DISABLED,
        STOPPED
    }
}
