package io.millrace.it.prove.chaos;

import io.millrace.it.prove.Figure;
import io.millrace.it.prove.chaos.ChaosHistory.Fault;
import io.millrace.it.prove.chaos.ChaosHistory.Sent;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is told of a run beside the checks. Pure. */
final class ChaosFigures {
    private ChaosFigures() {}

    static List<Figure> of(ChaosHistory history) {
        Ledger ledger = Ledger.of(history);
        OrderChecks order = new OrderChecks(history, ledger);
        List<Figure> figures = new ArrayList<>();
        figures.add(count("events", history.sent().stream().filter(Sent::isAcknowledged).count()));
        figures.add(count("results", outcomes(history, true)));
        figures.add(count("dead letters", outcomes(history, false)));
        figures.add(count("attempts metered", history.topics().attempts().size()));
        for (FaultKind kind : FaultKind.values()) {
            List<Fault> of = faults(history, kind);
            String name = "faults: " + kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            figures.add(count(name, of.stream().filter(Fault::counts).count()));
            recovery(figures, name, of);
        }
        figures.add(
                count(
                        "faults not counted",
                        history.faults().stream().filter(fault -> !fault.counts()).count()));
        figures.add(
                count(
                        "kills with -9",
                        history.faults().stream()
                                .filter(Fault::counts)
                                .filter(fault -> FaultKind.valueOf(fault.kind()).isKill())
                                .count()));
        long lost =
                history.sent().stream()
                        .filter(Sent::isAcknowledged)
                        .filter(sent -> ledger.outcomes(sent.position()).isEmpty())
                        .count();
        figures.add(count("lost", lost));
        figures.add(
                count(
                        "duplicated",
                        ledger.outcomesBySource().values().stream()
                                .mapToLong(outcomes -> outcomes.size() - 1)
                                .sum()));
        figures.add(
                count(
                        "order violations",
                        order.results().size()
                                + order.deadLetters().size()
                                + order.commits().size()));
        figures.add(count("repeated executions", ledger.repeatedRuns()));
        figures.add(
                count(
                        "longest metadata",
                        history.samples().stream()
                                .mapToInt(sample -> sample.metadata().length())
                                .max()
                                .orElse(0)));
        recovery(figures, "all faults", history.faults());
        return figures;
    }

    private static long outcomes(ChaosHistory history, boolean results) {
        return history.topics().outcomes().stream()
                .filter(outcome -> outcome.isResult() == results)
                .count();
    }

    private static List<Fault> faults(ChaosHistory history, FaultKind kind) {
        return history.faults().stream().filter(fault -> fault.kind().equals(kind.name())).toList();
    }

    private static void recovery(List<Figure> figures, String name, List<Fault> faults) {
        double[] seconds =
                faults.stream()
                        .filter(Fault::counts)
                        .mapToDouble(Fault::recovery)
                        .filter(value -> value >= 0)
                        .sorted()
                        .toArray();
        if (seconds.length > 0) {
            figures.add(second(name + ", recovery median", seconds[seconds.length / 2]));
            figures.add(second(name + ", recovery maximum", seconds[seconds.length - 1]));
        }
    }

    private static Figure count(String name, long value) {
        return new Figure(name, value, "");
    }

    private static Figure second(String name, double value) {
        return new Figure(name, Math.round(value * 100) / 100.0, "s");
    }
}
