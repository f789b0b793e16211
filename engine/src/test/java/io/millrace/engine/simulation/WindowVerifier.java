package io.millrace.engine.simulation;

import io.millrace.engine.delivery.AttemptReport;
import io.millrace.engine.delivery.Decision;
import io.millrace.engine.lane.Work;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.WindowInput;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What must hold of tumbling windows, told from the final invocations that were committed: each
 * event that succeeded is in the state of exactly one of them, in its own window or a later one,
 * and no window is closed twice.
 */
final class WindowVerifier {
    static final String TOPIC = "window";

    private final Plan plan;
    private final Set<String> entered = new HashSet<>();
    private final Map<String, Integer> finals = new HashMap<>();
    private final Map<String, Long> floors = new HashMap<>();
    private final Map<String, RawEvent> events = new HashMap<>();

    WindowVerifier(Plan plan) {
        this.plan = plan;
        plan.log()
                .forEach((partition, log) ->
                        log.forEach(event ->
                                events.put(partition.partition() + "/" + event.offset(), event)));
    }

    /** A final invocation with its outcome, as it is written. */
    static String record(PartitionId partition, AttemptReport report, Decision.Settled settled) {
        WindowInput window = report.work().window().orElseThrow();
        int attempts =
                report.handled() > 0
                        ? report.work().attempt()
                        : report.work().progress().attempts();
        return String.join(
                "/",
                Integer.toString(partition.partition()),
                Verifier.nameOfWindow(report.work()),
                Integer.toString(attempts),
                Long.toString(window.start().toEpochMilli()),
                Long.toString(window.end().toEpochMilli()),
                Boolean.toString(window.isTerminatedEarly()),
                settled.event().value().text().strip());
    }

    /** Before an invocation: its events are of its window, or came late. */
    static void checkStart(Work work) {
        long end = work.window().orElseThrow().end().toEpochMilli();
        for (RawEvent event : work.events()) {
            if (!work.closesWindow() && event.timestamp() >= end) {
                throw new AssertionError("window: " + event.offset() + " lies behind its end");
            }
        }
    }

    /** The next final invocation that was committed. */
    void read(String[] parts) {
        String partition = parts[0];
        long start = Long.parseLong(parts[3]);
        long end = Long.parseLong(parts[4]);
        boolean early = Boolean.parseBoolean(parts[5]);
        if (start < floors.getOrDefault(partition, Long.MIN_VALUE)) {
            throw new AssertionError("window: " + start + " of " + partition + " was reopened");
        }
        floors.put(partition, early ? start : end);
        finals.put(partition + "/" + parts[1], Integer.parseInt(parts[2]));
        for (String offset : parts[6].split(",", -1)) {
            String name = partition + "/" + offset;
            RawEvent event = events.get(name);
            if (event == null || !entered.add(name)) {
                throw new AssertionError("window: event " + name + " is in it twice, or is none");
            }
            long own = Math.floorDiv(event.timestamp(), size()) * size();
            if (own > start || event.timestamp() >= end) {
                throw new AssertionError("window: event " + name + " is in the one at " + start);
            }
        }
    }

    private long size() {
        return plan.batch().tumbling().orElseThrow().size().toMillis();
    }

    /** Final invocations by name, with their attempts. */
    Map<String, Integer> finals() {
        return finals;
    }

    /** Every event that succeeded has entered a window, and no other has. */
    void verify(List<String> succeeded) {
        if (!entered.equals(new HashSet<>(succeeded))) {
            throw new AssertionError("window: in states " + entered + ", succeeded " + succeeded);
        }
    }
}
