package io.millrace.connectors.schedule;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What Kafka Connect keeps of one schedule, and both directions between it and Connect's maps.
 *
 * <p>The source partition is {schedule}, the source offset {due, expression, timeZone}: everything
 * up to that due time is done, under that expression. Texts, so that people can read and write
 * them.
 *
 * @param dueAt the last due time that is done
 * @param expression of the schedule when that was; empty where a person has set the offset
 * @param timeZone likewise
 */
record ScheduleOffset(Instant dueAt, String expression, String timeZone) {
    static final String SCHEDULE = "schedule";
    static final String DUE = "due";
    static final String EXPRESSION = "expression";
    static final String TIME_ZONE = "timeZone";

    static Map<String, String> partition(String schedule) {
        return Map.of(SCHEDULE, schedule);
    }

    static ScheduleOffset of(Tick tick) {
        Schedule schedule = tick.schedule();
        return new ScheduleOffset(tick.dueAt(), schedule.expression(), schedule.zone().getId());
    }

    Map<String, Object> toMap() {
        return Map.of(DUE, dueAt.toString(), EXPRESSION, expression, TIME_ZONE, timeZone);
    }

    /** Whether the schedule is still the one that this was stored for. */
    boolean isOf(Schedule schedule) {
        return (expression.isEmpty() || expression.equals(schedule.expression()))
                && (timeZone.isEmpty() || timeZone.equals(schedule.zone().getId()));
    }

    /** Reads a source offset; empty if it is not one of ours. */
    static Optional<ScheduleOffset> of(Map<String, ?> offset) {
        if (!(offset.get(DUE) instanceof String due)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new ScheduleOffset(
                            Instant.parse(due), text(offset, EXPRESSION), text(offset, TIME_ZONE)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** What is wrong with a pair that an operator wants to set; empty if nothing is. */
    static Optional<String> fault(Map<String, ?> partition, Map<String, ?> offset) {
        if (!(partition.get(SCHEDULE) instanceof String) || partition.size() != 1) {
            return Optional.of(
                    "the source partition needs a text '" + SCHEDULE + "' and nothing else");
        }
        return of(offset).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "the source offset needs '"
                                + DUE
                                + "', a time like 2026-01-31T00:00:00Z up to which it is done");
    }

    private static String text(Map<String, ?> offset, String key) {
        return offset.get(key) instanceof String text ? text : "";
    }
}
