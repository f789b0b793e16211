package io.millrace.it.prove.core;

import io.millrace.it.prove.Check;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Judges how much of a function's capacity a trigger took. Pure. */
final class LoadChecks {
    private LoadChecks() {}

    /** Nothing was given up while the dependency was down, and it was left alone. */
    static List<Check> outageSurvived(Seen seen, int whileDown, int atMost) {
        return List.of(
                Check.equal(
                        "circuit breaker: everything is delivered after the outage",
                        seen.events().size() + " results, 0 dead letters",
                        seen.results().size()
                                + " results, "
                                + seen.letters().size()
                                + " dead letters"),
                new Check(
                        "circuit breaker: few calls while the dependency is down",
                        "1 to " + atMost,
                        Integer.toString(whileDown),
                        whileDown >= 1 && whileDown <= atMost));
    }

    /** Calls per second over a time that begins one second after the first call. */
    static Check rateKept(Seen seen, double rate, Duration over, double tolerance) {
        long from =
                seen.calls().stream().mapToLong(Call::startNanos).min().orElse(0) + 1_000_000_000L;
        long to = from + over.toNanos();
        long count =
                seen.calls().stream()
                        .filter(call -> call.startNanos() >= from && call.startNanos() < to)
                        .count();
        double found = count * 1e9 / over.toNanos();
        return new Check(
                "a rate limit is kept over " + over.toSeconds() + " s",
                String.format(
                        Locale.ROOT, "%.0f events/s, give or take %.0f %%", rate, tolerance * 100),
                String.format(Locale.ROOT, "%.1f events/s", found),
                Math.abs(found - rate) <= tolerance * rate);
    }

    /** Two nodes together never ran more calls at a time, and both took part. */
    static List<Check> capKept(Seen seen, int most) {
        int nodes =
                seen.attempts().stream()
                        .map(attempt -> attempt.where().node())
                        .collect(Collectors.toSet())
                        .size();
        return List.of(
                BatchChecks.sideBySide(
                        "maximum concurrency is kept over two nodes", seen, most / 2, most),
                Check.equal("both nodes took part", 2, nodes));
    }
}
