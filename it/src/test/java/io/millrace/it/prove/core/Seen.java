package io.millrace.it.prove.core;

import io.millrace.engine.inspect.MeteredAttempt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is left of a trigger's events, as a reader of committed records sees it.
 *
 * @param notices records of the on-success topic
 * @param failures records of the on-failure topic
 * @param attempts metered, in the order of the metering topic
 * @param calls as the handlers wrote them down
 * @param marks committed offset per partition; none where nothing is committed
 * @param ends end offset per partition
 */
record Seen(
        List<Line> events,
        List<Line> results,
        List<Line> letters,
        List<Line> notices,
        List<Line> failures,
        List<MeteredAttempt> attempts,
        List<Call> calls,
        Map<Integer, Long> marks,
        Map<Integer, Long> ends) {
    static final Seen NOTHING =
            new Seen(
                    List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
                    Map.of(), Map.of());

    Seen {
        events = List.copyOf(events);
        results = List.copyOf(results);
        letters = List.copyOf(letters);
        notices = List.copyOf(notices);
        failures = List.copyOf(failures);
        attempts = List.copyOf(attempts);
        calls = List.copyOf(calls);
        marks = Map.copyOf(marks);
        ends = Map.copyOf(ends);
    }

    /** Events that have their end. */
    int decided() {
        return results.size() + letters.size();
    }

    /** The numbers of the metered attempts of each batch by the place of its first event. */
    Map<String, List<MeteredAttempt>> attemptsByPlace() {
        Map<String, List<MeteredAttempt>> byPlace = new TreeMap<>();
        for (MeteredAttempt attempt : attempts) {
            String source = attempt.where().source();
            String partition = source.substring(source.lastIndexOf('-') + 1);
            byPlace.computeIfAbsent(
                            partition + "@" + attempt.where().firstOffset(), _ -> new ArrayList<>())
                    .add(attempt);
        }
        return byPlace;
    }

    /** How often the handler was given each event, by its place. */
    Map<String, Integer> deliveries() {
        Map<String, Integer> deliveries = new TreeMap<>();
        for (Call call : calls) {
            for (long offset : call.offsets()) {
                deliveries.merge(call.partition() + "@" + offset, 1, Integer::sum);
            }
        }
        return deliveries;
    }

    Seen withEvents(List<Line> other) {
        return new Seen(other, results, letters, notices, failures, attempts, calls, marks, ends);
    }

    Seen withResults(List<Line> other) {
        return new Seen(events, other, letters, notices, failures, attempts, calls, marks, ends);
    }

    Seen withLetters(List<Line> other) {
        return new Seen(events, results, other, notices, failures, attempts, calls, marks, ends);
    }

    Seen withNotices(List<Line> other) {
        return new Seen(events, results, letters, other, failures, attempts, calls, marks, ends);
    }

    Seen withFailures(List<Line> other) {
        return new Seen(events, results, letters, notices, other, attempts, calls, marks, ends);
    }

    Seen withAttempts(List<MeteredAttempt> other) {
        return new Seen(events, results, letters, notices, failures, other, calls, marks, ends);
    }

    Seen withCalls(List<Call> other) {
        return new Seen(events, results, letters, notices, failures, attempts, other, marks, ends);
    }

    Seen withMarks(Map<Integer, Long> committed, Map<Integer, Long> end) {
        return new Seen(
                events, results, letters, notices, failures, attempts, calls, committed, end);
    }
}
