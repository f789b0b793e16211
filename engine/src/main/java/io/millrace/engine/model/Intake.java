package io.millrace.engine.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which events of the source topic reach the function, and how their values are read.
 *
 * @param eventFormat what the function is handed
 * @param start where a new trigger begins
 * @param filters EventBridge patterns, one of which has to match; none lets everything pass (FIL-1)
 * @param deduplication when an event counts as a repeat of an earlier one
 * @param skips events an operator has decided to leave out
 */
public record Intake(
        ValueFormat format,
        EventFormat eventFormat,
        StartingPosition start,
        List<String> filters,
        Optional<Deduplication> deduplication,
        Set<EventPosition> skips) {
    /** Patterns of a trigger at most. */
    public static final int MAX_FILTERS = 10;

    /** Positions an operator can have skipped at the same time. */
    public static final int MAX_SKIPS = 1_000;

    public Intake {
        filters = List.copyOf(filters);
        skips = Set.copyOf(skips);
        if (filters.size() > MAX_FILTERS) {
            throw MillraceException.invalid(
                    "number of filters", "" + filters.size(), "0 to " + MAX_FILTERS);
        }
        if (skips.size() > MAX_SKIPS) {
            throw MillraceException.invalid(
                    "number of skipped events", "" + skips.size(), "0 to " + MAX_SKIPS);
        }
    }

    /** Everything from here on. */
    public static Intake from(StartingPosition start, ValueFormat format) {
        return new Intake(format, EventFormat.RECORD, start, List.of(), Optional.empty(), Set.of());
    }

    public Intake withFilters(List<String> patterns) {
        return new Intake(format, eventFormat, start, patterns, deduplication, skips);
    }

    public Intake withEventFormat(EventFormat other) {
        return new Intake(format, other, start, filters, deduplication, skips);
    }

    public Intake withDeduplication(Deduplication rule) {
        return new Intake(format, eventFormat, start, filters, Optional.of(rule), skips);
    }

    public Intake withSkips(Set<EventPosition> positions) {
        return new Intake(format, eventFormat, start, filters, deduplication, positions);
    }

    /**
     * An event is a repeat when an earlier one of its partition had the same key within the window.
     *
     * @param key which part of the event tells repeats: {@code key}, {@code value}, {@code
     *     header:NAME} or {@code value:/json/pointer}
     * @param window between the timestamps of the two, 1 s to 7 days
     */
    public record Deduplication(String key, Duration window) {
        public static final Duration MAX_WINDOW = Duration.ofDays(7);

        public Deduplication {
            if (window.compareTo(Duration.ofSeconds(1)) < 0 || window.compareTo(MAX_WINDOW) > 0) {
                throw MillraceException.invalid(
                        "de-duplication window", "" + window, "1 s to 7 days");
            }
        }
    }
}
