package io.millrace.bench.report;

import io.millrace.bench.plan.Contender;
import io.millrace.bench.plan.Goal;
import io.millrace.bench.plan.Workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The findings as text with tables. */
public final class MarkdownTable {
    private MarkdownTable() {}

    /**
     * All lines.
     *
     * @param circumstances what it ran on and how, by name
     */
    public static List<String> of(Findings findings, Map<String, String> circumstances) {
        List<String> lines = new ArrayList<>();
        lines.add("# Benchmark results");
        lines.add("");
        circumstances.forEach((name, value) -> lines.add("- " + name + ": " + value));
        lines.add("");
        lines.add("## Goals");
        lines.add("");
        lines.add("| Workload | Goal | Measured | |");
        lines.add("| --- | --- | ---: | --- |");
        for (Findings.Reached reached : findings.goals()) {
            lines.add(
                    "| "
                            + reached.goal().workload()
                            + " | "
                            + words(reached.goal())
                            + " | "
                            + reached.actual().map(MarkdownTable::number).orElse("-")
                            + " | "
                            + reached.text()
                            + " |");
        }
        for (Workload workload : findings.plan().workloads()) {
            cells(findings, workload, lines);
        }
        return lines;
    }

    private static void cells(Findings findings, Workload workload, List<String> lines) {
        List<String> metrics = workload.metrics();
        lines.add("");
        lines.add("## " + workload.id() + ": " + workload.title());
        lines.add("");
        lines.add("| Arm | " + String.join(" | ", metrics) + " | Rounds | Settings |");
        lines.add("| --- |" + " ---: |".repeat(metrics.size() + 1) + " --- |");
        for (Contender contender : workload.contenders()) {
            StringBuilder line = new StringBuilder("| " + contender.name() + " |");
            int rounds = 0;
            String settings = settings(contender);
            for (String metric : metrics) {
                Optional<Spread> spread = findings.figure(workload.id(), contender.name(), metric);
                line.append(' ').append(spread.map(MarkdownTable::range).orElse("-")).append(" |");
                rounds = spread.map(Spread::rounds).orElse(rounds);
            }
            if (findings.isNoisy(workload.id(), contender.name())) {
                settings += " **noisy**";
            }
            List<String> violations = findings.violations(workload.id(), contender.name());
            line.append(' ').append(rounds).append(" | ").append(settings);
            if (!violations.isEmpty()) {
                line.append(" **void:** ").append(String.join(", ", violations));
            }
            lines.add(line.append(" |").toString());
        }
    }

    private static String settings(Contender contender) {
        return contender.settings().isEmpty()
                ? "defaults"
                : contender.settings().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(java.util.stream.Collectors.joining(", "));
    }

    private static String words(Goal goal) {
        String sign = goal.sense() == Goal.Sense.AT_LEAST ? " ≥ " : " ≤ ";
        return goal.contender()
                + " "
                + goal.metric()
                + sign
                + number(goal.wanted())
                + goal.against().map(other -> " × " + other).orElse("");
    }

    private static String range(Spread spread) {
        return spread.rounds() == 1
                ? number(spread.median())
                : number(spread.median())
                        + " ("
                        + number(spread.least())
                        + "–"
                        + number(spread.most())
                        + ")";
    }

    static String number(double value) {
        if (Math.abs(value) >= 1000) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return Math.abs(value) >= 100
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.2f", value);
    }
}
