package io.millrace.bench;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

import io.millrace.bench.plan.Plan;
import io.millrace.bench.report.BarChart;
import io.millrace.bench.report.Findings;
import io.millrace.bench.report.MarkdownTable;
import io.millrace.bench.run.Bed;
import io.millrace.bench.run.CellResult;
import io.millrace.bench.run.Runner;
import io.millrace.engine.time.SystemTimeSource;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Runs the benchmarks. */
public final class Bench {
    private static final int HOLDS = 0;
    private static final int FELL_SHORT = 1;
    private static final int NOT_UNDERSTOOD = 2;

    private Bench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BenchOptions options;
        Plan plan;
        try {
            options = BenchOptions.parse(List.of(arguments));
            plan = plan(options);
        } catch (IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(NOT_UNDERSTOOD);
            return;
        }
        Path folder = Files.createTempDirectory("millrace-bench-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        Path target = options.out().orElse(Path.of("it/bench/target/results"));
        Path logs = Files.createDirectories(target.resolve("logs"));
        List<CellResult> results;
        try (Bed bed = Bed.make(folder, logs, options.armOptions())) {
            results = new Runner(bed, new SystemTimeSource(), out::println).run(plan);
        }
        Findings findings = new Findings(plan, results);
        Map<String, String> circumstances = Circumstances.of(List.of(arguments), plan);
        List<String> table = MarkdownTable.of(findings, circumstances);
        table.forEach(out::println);
        write(
                options.out().orElse(Path.of("it/bench/target/results")),
                findings,
                table,
                circumstances);
        System.exit(findings.holds() ? HOLDS : FELL_SHORT);
    }

    private static Plan plan(BenchOptions options) {
        Plan plan = options.quick() ? Plan.quick() : Plan.full();
        if (options.tune()) {
            plan = Plan.tuneParallel();
        }
        if (!options.only().isEmpty()) {
            plan = plan.only(options.only());
        }
        if (plan.workloads().isEmpty()) {
            throw new IllegalArgumentException(
                    "no workload is called " + String.join(" or ", options.only()));
        }
        if (!options.arms().isEmpty()) {
            plan = plan.onlyArms(options.arms());
        }
        return options.rounds().isPresent() ? plan.withRounds(options.rounds().getAsInt()) : plan;
    }

    private static void write(
            Path folder, Findings findings, List<String> table, Map<String, String> circumstances)
            throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("results.md"), table);
        Files.writeString(folder.resolve("results.svg"), BarChart.of(findings));
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("circumstances", circumstances);
        raw.put("workloads", findings.plan().workloads());
        raw.put("goals", findings.goals());
        raw.put("results", findings.results());
        Files.write(
                folder.resolve("results.json"),
                JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .findAndAddModules()
                        .build()
                        .writeValueAsBytes(raw));
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("bench: folder '" + folder + "' is left: " + e);
        }
    }
}
