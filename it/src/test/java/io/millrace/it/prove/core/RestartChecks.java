package io.millrace.it.prove.core;

import io.millrace.it.prove.Check;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Judges what a trigger remembers over a crash. Pure. */
final class RestartChecks {
    private RestartChecks() {}

    /** A kill that hit no work proves nothing. */
    static List<Check> killedInTime(int attempts, int maxAttempts, int results, int events) {
        return List.of(
                new Check(
                        "the node was killed between two attempts",
                        "1 to " + (maxAttempts - 1) + " attempts before",
                        Integer.toString(attempts),
                        attempts >= 1 && attempts < maxAttempts),
                new Check(
                        "the node was killed in the middle of at least once",
                        "fewer than " + events + " results",
                        Integer.toString(results),
                        results < events));
    }

    /** Each of these values has one result, whatever was sent again. */
    static Check repeatsLeftOut(Seen seen, Set<String> values) {
        List<String> found =
                seen.results().stream()
                        .map(line -> line.text().substring(0, line.text().lastIndexOf('@')))
                        .sorted()
                        .toList();
        return Check.equal(
                "de-duplication: repeats are left out, over a kill -9",
                List.copyOf(new TreeSet<>(values)),
                found);
    }

    /** Every event has a result at least, without a promise that it has just one. */
    static Check nothingLost(Seen seen) {
        Set<String> found = seen.results().stream().map(Line::origin).collect(Collectors.toSet());
        return Check.none(
                "at least once: everything is delivered, over a kill -9",
                "a result for each of " + seen.events().size() + " events",
                seen.events().stream()
                        .map(Line::place)
                        .filter(place -> !found.contains(place))
                        .toList());
    }
}
