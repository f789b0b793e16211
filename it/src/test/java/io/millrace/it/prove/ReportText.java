package io.millrace.it.prove;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A report as lines for people; the last one tells the result. */
final class ReportText {
    private ReportText() {}

    static List<String> of(ProofReport report) {
        List<String> lines = new ArrayList<>();
        for (Check check : report.checks()) {
            lines.add((check.passed() ? "  passed  " : "  FAILED  ") + check.name());
            if (!check.passed()) {
                lines.add("            expected: " + check.expected());
                lines.add("            found:    " + check.found());
            }
        }
        if (!report.figures().isEmpty()) {
            lines.add("");
        }
        for (Figure figure : report.figures()) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "  %-44s %12s %s",
                            figure.name(),
                            number(figure.value()),
                            figure.unit()));
        }
        if (!report.notes().isEmpty()) {
            lines.add("");
            report.notes().forEach(note -> lines.add("  " + note));
        }
        lines.add("");
        lines.add(report.passed() + " passed, " + report.failed() + " failed");
        return lines;
    }

    private static String number(double value) {
        boolean isWhole = value == Math.rint(value);
        return String.format(Locale.ROOT, isWhole ? "%,.0f" : "%,.3f", value);
    }
}
