package io.millrace.bench.run;

import io.millrace.bench.judge.Verdict;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one cell came to in one round.
 *
 * @param figures by their names
 * @param violations why it is void; empty when it counts
 */
public record CellResult(
        String workload,
        String contender,
        int round,
        Map<String, Double> figures,
        List<String> violations,
        Map<String, Long> verdict) {
    private static final String NOISY = "noisy";

    public CellResult {
        figures = new TreeMap<>(figures);
        violations = List.copyOf(violations);
        verdict = new TreeMap<>(verdict);
    }

    static Map<String, Long> numbers(Verdict verdict) {
        return Map.of(
                "results", verdict.results(),
                "duplicates", verdict.duplicates(),
                "outOfOrder", verdict.outOfOrder(),
                "lost", verdict.lost(),
                "gaps", verdict.gaps(),
                "unknown", verdict.unknown());
    }

    /** A cell that did not run to its end. */
    static CellResult failed(String workload, String contender, int round, Throwable why) {
        return new CellResult(
                workload, contender, round, Map.of(), List.of("failed: " + why), Map.of());
    }

    /** The same, taken while the machine's speed changed. */
    CellResult noisy() {
        Map<String, Long> marked = new TreeMap<>(verdict);
        marked.put(NOISY, 1L);
        return new CellResult(workload, contender, round, figures, violations, marked);
    }

    /** Whether the machine's speed changed meanwhile. */
    public boolean isNoisy() {
        return verdict.containsKey(NOISY);
    }

    public boolean isVoid() {
        return !violations.isEmpty();
    }
}
