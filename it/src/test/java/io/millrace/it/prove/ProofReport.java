package io.millrace.it.prove;

import java.util.List;

/** What a proof came to. */
public record ProofReport(List<Check> checks, List<Figure> figures) {
    public ProofReport {
        checks = List.copyOf(checks);
        figures = List.copyOf(figures);
    }

    long passed() {
        return checks.stream().filter(Check::passed).count();
    }

    long failed() {
        return checks.size() - passed();
    }

    /** Whether something was checked and nothing fell short. */
    boolean holds() {
        return !checks.isEmpty() && failed() == 0;
    }
}
