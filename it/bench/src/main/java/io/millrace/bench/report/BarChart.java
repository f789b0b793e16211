package io.millrace.bench.report;

import io.millrace.bench.plan.Contender;
import io.millrace.bench.plan.Plan;
import io.millrace.bench.plan.Workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The figure that counts of every cell, as bars on a logarithmic scale, in SVG. */
public final class BarChart {
    private static final int WIDTH = 900;
    private static final int LEFT = 150;
    private static final int RIGHT = 120;
    private static final int ROW = 20;
    private static final double LEAST = 0.1;
    private static final double DECADES = 7;

    private BarChart() {}

    public static String of(Findings findings) {
        List<String> parts = new ArrayList<>();
        int y = 30;
        for (Workload workload : findings.plan().workloads()) {
            parts.add(text(10, y, "font-weight=\"bold\"", title(workload)));
            y += ROW;
            for (Contender contender : workload.contenders()) {
                Optional<Spread> spread =
                        findings.figure(workload.id(), contender.name(), workload.unit());
                parts.add(text(LEFT - 8, y + 13, "text-anchor=\"end\"", contender.name()));
                if (spread.isPresent()) {
                    bar(parts, contender.name(), spread.get(), y);
                } else {
                    parts.add(text(LEFT + 4, y + 13, "fill=\"#a00\"", "void"));
                }
                y += ROW;
            }
            y += ROW;
        }
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\""
                + WIDTH
                + "\" height=\""
                + y
                + "\" font-family=\"sans-serif\" font-size=\"12\">\n"
                + "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
                + String.join("\n", parts)
                + "\n</svg>\n";
    }

    private static String title(Workload workload) {
        String better = workload.moreIsBetter() ? "more is better" : "less is better";
        return workload.id()
                + " "
                + workload.title()
                + " ("
                + workload.unit()
                + ", logarithmic, "
                + better
                + ")";
    }

    private static void bar(List<String> parts, String name, Spread spread, int y) {
        int end = x(spread.median());
        String colour = name.equals(Plan.MILLRACE) ? "#1565c0" : "#9aa7b0";
        parts.add(
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"14\" fill=\"%s\"/>"
                        .formatted(LEFT, y + 2, end - LEFT, colour));
        parts.add(
                "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"black\"/>"
                        .formatted(x(spread.least()), y + 9, x(spread.most()), y + 9));
        parts.add(
                text(
                        Math.max(end, x(spread.most())) + 6,
                        y + 13,
                        "",
                        MarkdownTable.number(spread.median())));
    }

    /** Where a value lies on the scale. */
    static int x(double value) {
        double decades = Math.log10(Math.max(value, LEAST) / LEAST);
        return LEFT + 1 + (int) Math.round(decades / DECADES * (WIDTH - LEFT - RIGHT));
    }

    private static String text(int x, int y, String attributes, String text) {
        return "<text x=\"%d\" y=\"%d\" %s>%s</text>"
                .formatted(
                        x,
                        y,
                        attributes,
                        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
    }
}
