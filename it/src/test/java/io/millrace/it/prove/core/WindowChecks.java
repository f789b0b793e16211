package io.millrace.it.prove.core;

import io.millrace.engine.inspect.MeteredAttempt;
import io.millrace.it.prove.Check;
import io.millrace.schemas.EventHeaders;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Judges tumbling windows: results are {@code start:count:sum}. Pure. */
final class WindowChecks {
    private WindowChecks() {}

    /** A kill that hit no open window proves nothing. */
    static Check killedBetween(int kill, int results, int all) {
        return new Check(
                "windows: kill " + kill + " hit the middle of the work",
                "1 to " + (all - 1) + " results before",
                Integer.toString(results),
                results >= 1 && results < all);
    }

    /**
     * Every window of every partition has one final result: the count and the sum of its events.
     */
    static List<Check> sums(Seen seen, Duration size) {
        Map<String, String> wanted = wanted(seen.events(), size.toMillis());
        List<String> wrong = new ArrayList<>();
        Map<String, String> found = new TreeMap<>();
        for (Line result : seen.results()) {
            String[] parts = result.text().split(":", 2);
            String window = partition(result) + "/" + parts[0];
            if (found.put(window, parts[1]) != null) {
                wrong.add("window " + window + " has two results");
            }
            long start = Long.parseLong(parts[0]);
            String bounds =
                    Instant.ofEpochMilli(start)
                            + "/"
                            + Instant.ofEpochMilli(start + size.toMillis());
            if (!result.header(EventHeaders.WINDOW).equals(bounds)) {
                wrong.add("a result of window " + window + " says it is of another");
            }
        }
        wanted.forEach((window, sum) -> {
            if (!sum.equals(found.get(window))) {
                wrong.add("window " + window + " gave " + found.get(window) + ", not " + sum);
            }
        });
        if (found.size() > wanted.size()) {
            wrong.add(found.size() + " windows have results, there are " + wanted.size());
        }
        long finals =
                seen.attempts().stream()
                        .filter(attempt -> attempt.events() == 0)
                        .map(MeteredAttempt::requestId)
                        .distinct()
                        .count();
        return List.of(
                Check.none(
                        "windows: one final result each with the sum of its events, over kill -9",
                        wanted.size() + " windows",
                        wrong),
                Check.equal("windows: no dead letters", 0, seen.letters().size()),
                Check.equal(
                        "windows: each final invocation is metered", (long) wanted.size(), finals));
    }

    /** A late event belongs to the window that is open when it comes (DEF-11). */
    private static Map<String, String> wanted(List<Line> events, long size) {
        Map<Integer, Long> open = new HashMap<>();
        Map<String, long[]> sums = new TreeMap<>();
        for (Line event : events) {
            long own = Math.floorDiv(event.timestamp(), size) * size;
            long start = open.merge(event.partition(), own, Math::max);
            long[] sum = sums.computeIfAbsent(event.partition() + "/" + start, _ -> new long[2]);
            sum[0]++;
            sum[1] += Long.parseLong(event.text());
        }
        Map<String, String> wanted = new TreeMap<>();
        sums.forEach((window, sum) -> wanted.put(window, sum[0] + ":" + sum[1]));
        return wanted;
    }

    private static String partition(Line result) {
        return result.origin().substring(0, Math.max(0, result.origin().indexOf('@')));
    }

    /** A final invocation that fails for good leaves the state, and the next window goes on. */
    static List<Check> givenUp(Seen seen, int attempts) {
        List<String> letters =
                seen.letters().stream()
                        .map(letter ->
                                letter.header(EventHeaders.CONDITION)
                                        + " "
                                        + letter.header(EventHeaders.ATTEMPT)
                                        + " "
                                        + letter.text())
                        .toList();
        String offsets = "\"firstRecordOffset\":\"0\",\"lastRecordOffset\":\"1\"";
        long told = seen.failures().stream().filter(line -> line.text().contains(offsets)).count();
        return List.of(
                Check.equal(
                        "windows: a final invocation that fails for good leaves its state",
                        List.of(
                                "RetryAttemptsExhausted "
                                        + attempts
                                        + " {\"count\":2,\"total\":13}"),
                        letters),
                Check.equal("windows: its failure record has the offsets of its events", 1L, told),
                Check.equal(
                        "windows: the next window goes on",
                        List.of("1:1"),
                        seen.results().stream()
                                .map(line -> line.text().substring(line.text().indexOf(':') + 1))
                                .toList()));
    }
}
