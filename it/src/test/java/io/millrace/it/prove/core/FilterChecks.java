package io.millrace.it.prove.core;

import io.millrace.it.prove.Check;
import io.millrace.schemas.EventHeaders;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Judges which events of a single partition reached a function. Pure. */
final class FilterChecks {
    private FilterChecks() {}

    /** Just these went through, just these are dead letters; nothing is left of the others. */
    static List<Check> passed(
            String filter, Seen seen, Set<Integer> passes, Set<Integer> letters, String condition) {
        Set<Integer> metered =
                seen.attempts().stream()
                        .map(attempt -> (int) attempt.where().firstOffset())
                        .collect(Collectors.toCollection(TreeSet::new));
        Set<Integer> handed = new TreeSet<>(passes);
        handed.addAll(letters);
        return List.of(
                Check.equal(
                        "filter " + filter + ": results of the offsets that pass",
                        passes,
                        offsets(seen.results())),
                Check.equal(
                        "filter " + filter + ": dead letters of what cannot be read",
                        letters + " " + condition,
                        offsets(seen.letters()) + " " + conditions(seen, condition)),
                new Check(
                        "filter " + filter + ": nothing is metered of what is left out",
                        "none but " + handed,
                        metered.toString(),
                        handed.containsAll(metered)),
                FailureChecks.offsetsFinished("though " + filter + " left events out", seen));
    }

    private static String conditions(Seen seen, String none) {
        Set<String> found =
                seen.letters().stream()
                        .map(line -> line.header(EventHeaders.CONDITION))
                        .collect(Collectors.toCollection(TreeSet::new));
        return found.isEmpty() ? none : String.join(",", found);
    }

    private static Set<Integer> offsets(List<Line> lines) {
        return lines.stream()
                .map(Line::origin)
                .map(origin -> Integer.valueOf(origin.substring(origin.indexOf('@') + 1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Everything from this offset on came once, and nothing before it. */
    static Check begins(String position, Seen seen, int first) {
        List<Integer> found =
                seen.results().stream()
                        .map(Line::origin)
                        .map(origin -> Integer.valueOf(origin.substring(origin.indexOf('@') + 1)))
                        .sorted()
                        .toList();
        return Check.equal(
                "a trigger begins at " + position,
                IntStream.range(first, seen.events().size()).boxed().toList(),
                found);
    }

    /** Both functions of a loop ran so often, then one is stopped, and its event is kept. */
    static List<Check> loopEnds(Seen loop, Seen relay, int runs) {
        return List.of(
                Check.equal(
                        "a loop of two functions ends",
                        runs + " and " + runs + " runs",
                        loop.calls().size() + " and " + relay.calls().size() + " runs"),
                Check.equal(
                        "the event that would go round again is a dead letter",
                        List.of("RecursionStopped"),
                        loop.letters().stream()
                                .map(line -> line.header(EventHeaders.CONDITION))
                                .toList()),
                Check.equal("the other function has none", 0, relay.letters().size()));
    }
}
