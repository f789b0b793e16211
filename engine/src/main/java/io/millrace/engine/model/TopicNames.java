package io.millrace.engine.model;

/**
 * Names of the engine's own topics.
 *
 * @param prefix put before every name, {@code millrace.} by default
 */
public record TopicNames(String prefix) {
    public String functions() {
        return prefix + "functions";
    }

    public String triggers() {
        return prefix + "triggers";
    }

    public String code() {
        return prefix + "code";
    }

    /** Where results go when the trigger names no topic of its own. */
    public String results() {
        return prefix + "results";
    }

    /** Where dead letters go when the trigger names no topic of its own. */
    public String deadLetters() {
        return prefix + "dead-letters";
    }

    public String metering() {
        return prefix + "metering";
    }

    /** How every trigger fares on every node; compacted. */
    public String triggerStates() {
        return prefix + "trigger-states";
    }

    /** Events that were gone before a trigger had read them. */
    public String lostRanges() {
        return prefix + "lost-ranges";
    }

    /** Consumer group, and Kafka Streams application id, of a trigger. */
    public String group(TriggerId trigger) {
        return prefix + trigger.value();
    }

    /** Consumer group in which it is kept which dead letters of a trigger were redriven. */
    public String redriveGroup(TriggerId trigger) {
        return prefix + "redrive-" + trigger.value();
    }
}
