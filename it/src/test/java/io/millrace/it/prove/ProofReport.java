package io.millrace.it.prove;

import java.util.List;

/**
 * What a proof came to.
 *
 * @param notes what people must know beside it, for example what did not run and why
 */
public record ProofReport(List<Check> checks, List<Figure> figures, List<String> notes) {
    public ProofReport {
        checks = List.copyOf(checks);
        figures = List.copyOf(figures);
        notes = List.copyOf(notes);
    }

    /** Without notes. */
    public ProofReport(List<Check> checks, List<Figure> figures) {
        this(checks, figures, List.of());
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
