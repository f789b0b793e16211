package io.millrace.it.prove.chaos;

import io.millrace.it.prove.chaos.ChaosHistory.Attempt;
import io.millrace.it.prove.chaos.ChaosHistory.Outcome;
import io.millrace.it.prove.chaos.ChaosHistory.Run;
import io.millrace.it.prove.chaos.ChaosHistory.SourceRecord;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A history, by event. */
final class Ledger {
    private final Map<String, Kind> kinds = new HashMap<>();
    private final Map<String, SourceRecord> sources = new LinkedHashMap<>();
    private final Map<String, List<Outcome>> outcomes = new HashMap<>();
    private final Map<String, List<Attempt>> attempts = new HashMap<>();
    private final Map<String, List<Run>> runs = new HashMap<>();

    private Ledger() {}

    static Ledger of(ChaosHistory history) {
        Ledger ledger = new Ledger();
        history.sent().forEach(sent -> ledger.kinds.put(sent.id(), sent.kind()));
        history.source().forEach(record -> ledger.sources.put(record.position(), record));
        history.topics()
                .outcomes()
                .forEach(outcome -> add(ledger.outcomes, outcome.source(), outcome));
        history.topics()
                .attempts()
                .forEach(attempt -> add(ledger.attempts, attempt.source(), attempt));
        history.handlers().runs().forEach(run -> add(ledger.runs, run.id(), run));
        return ledger;
    }

    boolean isSent(String id) {
        return kinds.containsKey(id);
    }

    /** Of an event that was sent. */
    Kind kind(String id) {
        return kinds.getOrDefault(id, Kind.PLAIN);
    }

    boolean hasSource(String position) {
        return sources.containsKey(position);
    }

    Optional<SourceRecord> source(String position) {
        return Optional.ofNullable(sources.get(position));
    }

    List<Outcome> outcomes(String source) {
        return outcomes.getOrDefault(source, List.of());
    }

    Map<String, List<Outcome>> outcomesBySource() {
        return outcomes;
    }

    List<Attempt> attempts(String source) {
        return attempts.getOrDefault(source, List.of());
    }

    Map<String, List<Attempt>> attemptsBySource() {
        return attempts;
    }

    List<Run> runs(String id) {
        return runs.getOrDefault(id, List.of());
    }

    /** Runs beyond the first of the same attempt. */
    long repeatedRuns() {
        return runs.values().stream()
                .mapToLong(of -> of.size() - of.stream().map(Run::attempt).distinct().count())
                .sum();
    }

    private static <T> void add(Map<String, List<T>> lists, String key, T value) {
        lists.computeIfAbsent(key, _ -> new ArrayList<>(1)).add(value);
    }
}
