package io.millrace.it.prove.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.millrace.engine.time.SystemTimeSource;
import io.millrace.engine.time.TimeSource;
import io.millrace.it.harness.ChildProcess;
import io.millrace.it.harness.Launcher;
import io.millrace.it.harness.RunningDev;
import io.millrace.it.harness.Scratch;
import io.millrace.it.prove.Check;
import io.millrace.it.prove.Figure;
import io.millrace.it.prove.Proof;
import io.millrace.it.prove.ProofOptions;
import io.millrace.it.prove.ProofReport;
import io.millrace.it.prove.demo.DemoSurvey.Seen;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * The demonstration, run twice over the same data directory, and looked at from outside after each
 * run through {@code millrace dev} over that directory.
 */
public final class DemoProof implements Proof {
    private static final String PHOTOS = "--photos";
    private static final Duration DEMO_LIMIT = Duration.ofMinutes(5);
    private static final Duration DEV_END = Duration.ofSeconds(20);

    /** The source looks into its bucket every second. */
    private static final Duration WATCH = Duration.ofSeconds(4);

    @Override
    public String name() {
        return "demo";
    }

    @Override
    public String summary() {
        return "millrace demo, judged from outside: every picture handled exactly once, twice run";
    }

    @Override
    public List<Option> options() {
        return List.of(new Option(PHOTOS, "DIR", "Your own pictures (default: the example's)."));
    }

    @Override
    public ProofReport run(ProofOptions options)
            throws IOException, InterruptedException, ExecutionException {
        try (Scratch scratch = Scratch.make("prove-demo")) {
            return new Run(scratch, options.value(PHOTOS).map(Path::of)).report();
        }
    }

    /** One run of the proof. */
    private static final class Run {
        private final TimeSource time = new SystemTimeSource();
        private final Launcher launcher = Launcher.ofThisCheckout();
        private final List<Check> checks = new ArrayList<>();
        private final List<Figure> figures = new ArrayList<>();
        private final Path example = launcher.home().resolve("functions-sdk/examples/thumbnail");
        private final Scratch scratch;
        private final Optional<Path> photos;
        private final List<Photograph> photographs;
        private final Path output;
        private final Path data;

        Run(Scratch scratch, Optional<Path> photos) throws IOException {
            this.scratch = scratch;
            this.photos = photos;
            this.photographs =
                    photos.isPresent()
                            ? Photographs.ofFolder(photos.get())
                            : Photographs.ofExample(example);
            this.output = scratch.folder("output");
            this.data = scratch.folder().resolve("data");
        }

        ProofReport report() throws IOException, InterruptedException, ExecutionException {
            Instant startedAt = time.now();
            long from = time.nanos();
            JsonNode first = demo("first run");
            double took = seconds(from);
            checks.add(
                    Check.equal(
                            "first run: pictures uploaded",
                            photographs.size(),
                            first.path("uploaded").asInt(-1)));
            DemoSurvey before = look("after the first run");
            figures(startedAt, took, first, before);
            JsonNode second = demo("second run");
            checks.add(
                    Check.equal(
                            "second run: pictures uploaded", 0, second.path("uploaded").asInt(-1)));
            DemoSurvey after = look("after the second run");
            checks.add(DemoChecks.same(before, after).during("after the second run"));
            return new ProofReport(checks, figures);
        }

        /** Runs the demonstration and gives the figures it wrote. */
        private JsonNode demo(String which) throws IOException {
            Path json = scratch.folder().resolve(which.replace(' ', '-') + ".json");
            List<String> command = new ArrayList<>(List.of("demo", "--data", data.toString()));
            command.addAll(List.of("--json", json.toString()));
            photos.ifPresent(
                    folder -> command.addAll(List.of(PHOTOS, folder.toAbsolutePath().toString())));
            try (ChildProcess demo = launcher.start(output, command.toArray(String[]::new))) {
                OptionalInt code = demo.awaitExit(DEMO_LIMIT);
                checks.add(
                        Check.equal(
                                which + ": exit code of the demonstration",
                                OptionalInt.of(0),
                                code));
                checks.add(silent(which + ": the demonstration", demo));
            }
            return json.toFile().exists()
                    ? new ObjectMapper().readTree(json.toFile())
                    : new ObjectMapper().createObjectNode();
        }

        /** Starts the environment over the data, looks at it from outside, and has it end. */
        private DemoSurvey look(String when)
                throws IOException, InterruptedException, ExecutionException {
            try (RunningDev dev =
                    RunningDev.start(launcher, output, data, example.resolve("function.yaml"))) {
                DemoSurvey survey = new DemoSurveyor(dev.addresses()).look(WATCH);
                DemoChecks.of(photographs, survey).stream()
                        .map(check -> check.during(when))
                        .forEach(checks::add);
                end(when, dev.process());
                return survey;
            }
        }

        private void end(String when, ChildProcess dev) {
            List<ProcessHandle> started = dev.descendants();
            long from = time.nanos();
            dev.terminate();
            OptionalInt code = dev.awaitExit(DEV_END);
            figures.add(new Figure(when + ": dev ended after SIGTERM", seconds(from), "s"));
            checks.add(
                    Check.equal(
                            when + ": exit code of dev within " + DEV_END.toSeconds() + " s",
                            OptionalInt.of(0),
                            code));
            checks.add(silent(when + ": dev", dev));
            checks.add(
                    Check.equal(
                            when + ": processes dev left behind",
                            0L,
                            started.stream().filter(ProcessHandle::isAlive).count()));
        }

        private static Check silent(String who, ChildProcess process) {
            return Check.none(
                    who + " says nothing on standard error",
                    "no line",
                    process.err().stream().limit(5).toList());
        }

        private void figures(Instant startedAt, double took, JsonNode json, DemoSurvey survey) {
            Stream.concat(
                            survey.outcomes().results().stream(),
                            survey.outcomes().deadLetters().stream())
                    .map(Seen::at)
                    .min(Instant::compareTo)
                    .ifPresent(first ->
                            figures.add(
                                    new Figure(
                                            "start to first handled event",
                                            Duration.between(startedAt, first).toMillis() / 1000.0,
                                            "s")));
            figures.add(new Figure("demonstration in all", took, "s"));
            figures.add(
                    new Figure(
                            "ready for the first picture",
                            json.path("readyMillis").asLong() / 1000.0,
                            "s"));
            json.path("startMillis")
                    .properties()
                    .forEach(part ->
                            figures.add(
                                    new Figure(
                                            "  start of " + part.getKey(),
                                            part.getValue().asLong(),
                                            "ms")));
            List<Long> latencies = new ArrayList<>();
            json.path("latencyMillis").forEach(latency -> latencies.add(latency.asLong()));
            if (!latencies.isEmpty()) {
                figures.add(new Figure("upload to result, p50", rank(latencies, 0.50), "ms"));
                figures.add(new Figure("upload to result, p99", rank(latencies, 0.99), "ms"));
            }
            figures.add(new Figure("pictures", photographs.size(), ""));
            figures.add(new Figure("billed", json.path("billedMillis").asLong(), "ms"));
        }

        /** Nearest rank. */
        private static long rank(List<Long> values, double part) {
            List<Long> sorted = values.stream().sorted().toList();
            return sorted.get((int) Math.ceil(part * sorted.size()) - 1);
        }

        private double seconds(long from) {
            return Duration.ofNanos(time.nanos() - from).toMillis() / 1000.0;
        }
    }
}
