package io.millrace.engine.deploy;

import java.util.List;

/**
 * A source as Kafka Connect tells of it.
 *
 * @param connectorClass what it runs
 * @param topic it writes to; empty where its settings do not tell
 * @param state RUNNING, PAUSED, STOPPED, FAILED, UNASSIGNED or RESTARTING
 * @param tasks the same of each task
 * @param trouble what the first part that failed says, in one line; empty if none did
 */
public record SourceState(
        String name,
        String connectorClass,
        String topic,
        String state,
        List<String> tasks,
        String trouble) {
    public SourceState {
        tasks = List.copyOf(tasks);
    }

    /** The state of the whole: FAILED if any part did. */
    public String summary() {
        return tasks.contains("FAILED") ? "FAILED" : state;
    }

    /** How many tasks run, of how many. */
    public String running() {
        return tasks.stream().filter("RUNNING"::equals).count() + "/" + tasks.size();
    }
}
