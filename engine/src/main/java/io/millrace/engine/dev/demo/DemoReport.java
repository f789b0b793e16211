package io.millrace.engine.dev.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

import io.millrace.engine.inspect.MeteredAttempt;
import io.millrace.engine.inspect.MeteringTotals;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures at the end of a demonstration, as a table and as JSON. */
final class DemoReport {
    private final DemoLedger ledger;
    private final Map<String, Duration> startTimes;
    private final Duration readyAfter;
    private final List<String> missing;

    DemoReport(
            DemoLedger ledger,
            Map<String, Duration> startTimes,
            Duration readyAfter,
            List<String> missing) {
        this.ledger = ledger;
        this.startTimes = startTimes;
        this.readyAfter = readyAfter;
        this.missing = missing;
    }

    /** Two columns. */
    List<String> table() {
        List<String> lines = new ArrayList<>();
        figures().forEach((name, value) -> lines.add(String.format("  %-36s %s", name, value)));
        return lines;
    }

    void writeJson(Path file) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("complete", missing.isEmpty());
        json.put("missing", missing);
        json.put("readyMillis", readyAfter.toMillis());
        Map<String, Long> parts = new LinkedHashMap<>();
        startTimes.forEach((part, took) -> parts.put(part, took.toMillis()));
        json.put("startMillis", parts);
        json.put("pictures", ledger.pictures().size());
        json.put("brokenPictures", broken());
        json.put("uploaded", ledger.uploads());
        json.put("bytes", bytes());
        json.put("thumbnails", ledger.thumbnails());
        json.put("results", ledger.results());
        json.put("notifications", ledger.notifications());
        json.put("deadLetters", ledger.deadLetters());
        MeteringTotals totals = totals();
        json.put("attempts", totals.attempts());
        json.put("billedMillis", totals.billedMillis());
        json.put("gbSeconds", totals.gbSeconds());
        json.put("lambdaCostUsd", totals.lambdaCostUsd());
        List<Long> latencies = ledger.latencies().stream().map(Duration::toMillis).toList();
        json.put("latencyMillis", latencies);
        try {
            new ObjectMapper()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .writeValue(file.toFile(), json);
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.DENIED,
                    "file '" + file + "' cannot be written: " + e.getMessage(),
                    e);
        }
    }

    private Map<String, String> figures() {
        MeteringTotals totals = totals();
        List<Duration> latencies = ledger.latencies();
        Map<String, String> figures = new LinkedHashMap<>();
        int pictures = ledger.pictures().size();
        figures.put("pictures", pictures + ", " + broken() + " of them broken");
        figures.put(
                "uploaded in this run",
                ledger.uploads() + ", " + (pictures - ledger.uploads()) + " were there already");
        figures.put("bytes", String.format(Locale.ROOT, "%,d", bytes()));
        figures.put(
                "thumbnails / results / notifications",
                ledger.thumbnails() + " / " + ledger.results() + " / " + ledger.notifications());
        figures.put("dead letters", Integer.toString(ledger.deadLetters()));
        figures.put("attempts", Long.toString(totals.attempts()));
        figures.put("billed", String.format(Locale.ROOT, "%,d ms", totals.billedMillis()));
        figures.put(
                "GB-seconds", String.format(Locale.ROOT, "%.3f", totals.gbSeconds().doubleValue()));
        figures.put("cost at Lambda's public prices", "$" + totals.lambdaCostUsd().toPlainString());
        figures.put(
                "upload to thumbnail, p50 / p99",
                latencies.isEmpty()
                        ? "nothing uploaded"
                        : percentile(latencies, 50) + " / " + percentile(latencies, 99));
        return figures;
    }

    private MeteringTotals totals() {
        MeteringTotals totals = MeteringTotals.ZERO;
        for (MeteredAttempt attempt : ledger.attempts()) {
            totals = totals.plus(attempt);
        }
        return totals;
    }

    private long broken() {
        return ledger.pictures().stream().filter(Picture::broken).count();
    }

    private long bytes() {
        return ledger.pictures().stream().mapToLong(Picture::bytes).sum();
    }

    /** Nearest rank. */
    private static String percentile(List<Duration> sorted, int percent) {
        int rank = (int) Math.ceil(percent / 100.0 * sorted.size());
        return sorted.get(Math.max(0, rank - 1)).toMillis() + " ms";
    }
}
