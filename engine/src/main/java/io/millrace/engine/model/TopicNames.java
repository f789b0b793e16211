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
}
