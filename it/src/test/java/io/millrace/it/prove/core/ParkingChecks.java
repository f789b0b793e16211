package io.millrace.it.prove.core;

import io.millrace.it.prove.Check;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Judges what becomes of events that are parked, and of the others meanwhile. Pure. */
final class ParkingChecks {
    private ParkingChecks() {}

    /**
     * Neighbours of a parked key are through, each soon after it was sent; the median is taken of a
     * result's time less its event's.
     */
    static Check neighboursGoOn(Seen seen, int count, Duration median) {
        Map<String, Long> sent = new HashMap<>();
        seen.events().forEach(event -> sent.put(event.place(), event.timestamp()));
        List<Long> millis =
                seen.results().stream()
                        .filter(line -> line.text().startsWith("ok:neighbour"))
                        .map(line -> line.timestamp() - sent.getOrDefault(line.origin(), 0L))
                        .sorted()
                        .toList();
        String found =
                millis.isEmpty()
                        ? "none"
                        : millis.size() + ", " + millis.get(millis.size() / 2) + " ms";
        return new Check(
                "neighbours of a parked key do not notice",
                count + " through, half of them within " + median.toMillis() + " ms",
                found,
                !millis.isEmpty()
                        && millis.size() == count
                        && millis.get(millis.size() / 2) <= median.toMillis());
    }

    /** Nothing of the key has its end yet. */
    static Check stillParked(Seen seen, String key) {
        return Check.none(
                "a poisoned key parks with what is behind it",
                "no end yet",
                Stream.concat(seen.results().stream(), seen.letters().stream())
                        .filter(line -> line.key().orElse("").equals(key))
                        .map(Line::origin)
                        .toList());
    }

    /** The parked event comes after its pause, and then those behind it, in order. */
    static List<Check> deliveredInOrder(
            Seen seen, String key, long firstTried, Duration pause, String node) {
        List<Line> results =
                seen.results().stream().filter(line -> line.key().orElse("").equals(key)).toList();
        List<String> wanted =
                seen.events().stream()
                        .filter(event -> event.key().orElse("").equals(key))
                        .map(Line::place)
                        .toList();
        long waited = results.isEmpty() ? 0 : results.getFirst().timestamp() - firstTried;
        return List.of(
                Check.equal(
                        "a parked key keeps its order",
                        wanted,
                        results.stream().map(Line::origin).toList()),
                new Check(
                        "a parked event waits for its due time, over a kill -9",
                        "at least " + pause.toMillis() / 2 + " ms",
                        waited + " ms",
                        waited >= pause.toMillis() / 2 - 500),
                Check.equal(
                        "the other node delivered it",
                        "attempt 2 by " + node,
                        results.isEmpty() ? "nothing" : lastAttempt(seen, results.getFirst())));
    }

    private static String lastAttempt(Seen seen, Line result) {
        return seen.attemptsByPlace().getOrDefault(result.origin(), List.of()).stream()
                .reduce((_, last) -> last)
                .map(last -> "attempt " + last.attempt() + " by " + last.where().node())
                .orElse("nothing metered");
    }
}
