package io.millrace.it.prove.chaos;

import io.millrace.it.prove.Check;
import io.millrace.it.prove.Figure;
import io.millrace.it.prove.ProofReport;
import io.millrace.it.prove.chaos.ChaosHistory.Fault;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Compares recoveries with their goals. Pure. */
final class RecoveryChecks {
    private RecoveryChecks() {}

    /** Seconds that each may take. */
    static Map<FaultKind, Double> goals() {
        Map<FaultKind, Double> goals = new EnumMap<>(FaultKind.class);
        goals.put(FaultKind.KILL_RESTART, 5.0);
        goals.put(FaultKind.TERM_RESTART, 4.0);
        goals.put(FaultKind.KILL_TAKEOVER, 15.0);
        goals.put(FaultKind.TERM_TAKEOVER, 8.0);
        return goals;
    }

    /** A check for each goal; one that nothing was measured for does not pass. */
    static ProofReport of(List<Fault> faults) {
        List<Check> checks = new ArrayList<>();
        List<Figure> figures = new ArrayList<>();
        goals().forEach((kind, goal) -> {
            String name = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            double[] seconds = seconds(faults, kind);
            String wanted = "output goes on after at most " + goal + " s";
            if (seconds.length == 0) {
                checks.add(new Check(name, wanted, "hit no work", false));
                return;
            }
            double worst = seconds[seconds.length - 1];
            checks.add(
                    new Check(
                            name,
                            wanted,
                            String.format(Locale.ROOT, "%.2f s", worst),
                            worst <= goal));
            figures.add(new Figure(name + ", median", round(seconds[seconds.length / 2]), "s"));
            figures.add(new Figure(name + ", maximum", round(worst), "s"));
        });
        return new ProofReport(checks, figures);
    }

    private static double[] seconds(List<Fault> faults, FaultKind kind) {
        return faults.stream()
                .filter(fault -> fault.kind().equals(kind.name()))
                .filter(Fault::counts)
                .mapToDouble(Fault::recovery)
                .filter(value -> value >= 0)
                .sorted()
                .toArray();
    }

    private static double round(double seconds) {
        return Math.round(seconds * 100) / 100.0;
    }
}
