package io.millrace.it.prove;

import io.millrace.engine.time.SystemTimeSource;
import io.millrace.engine.time.TimeSource;
import io.millrace.it.harness.ChildProcess;
import io.millrace.it.harness.Launcher;
import io.millrace.it.harness.Scratch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What somebody meets who has just cloned the repository and has nothing of it: the demonstration
 * first, then the whole build, both with an empty Maven repository. What is not committed is not
 * part of it.
 */
final class FreshProof implements Proof {
    private static final String SKIP_VERIFY = "--skip-verify";
    private static final Duration CLONE_LIMIT = Duration.ofMinutes(2);
    private static final Duration DEMO_LIMIT = Duration.ofMinutes(20);
    private static final Duration VERIFY_LIMIT = Duration.ofMinutes(60);
    private static final int SHOWN = 5;

    @Override
    public String name() {
        return "fresh";
    }

    @Override
    public String summary() {
        return "a new clone with an empty Maven repository: millrace demo, then ./mvnw verify";
    }

    @Override
    public List<Option> options() {
        return List.of(new Option(SKIP_VERIFY, "", "The demonstration only."));
    }

    @Override
    public ProofReport run(ProofOptions options) {
        try (Scratch scratch = Scratch.make("prove-fresh")) {
            return new Run(scratch).report(options.has(SKIP_VERIFY));
        }
    }

    /** One run of the proof. */
    private static final class Run {
        private final TimeSource time = new SystemTimeSource();
        private final List<Check> checks = new ArrayList<>();
        private final List<Figure> figures = new ArrayList<>();
        private final Path output;
        private final Path clone;
        private final Path repository;
        private final Launcher here = Launcher.ofThisCheckout();
        private final Launcher there;

        Run(Scratch scratch) {
            this.output = scratch.folder("output");
            this.repository = scratch.folder("repository");
            this.clone = scratch.folder().resolve("clone");
            this.there = Launcher.of(clone).with("MAVEN_ARGS", "-Dmaven.repo.local=" + repository);
        }

        ProofReport report(boolean skipVerify) {
            step(
                    "git clone",
                    CLONE_LIMIT,
                    () ->
                            here.run(
                                    output,
                                    "git",
                                    "clone",
                                    "--quiet",
                                    here.home().toString(),
                                    clone.toString()));
            step("./millrace demo", DEMO_LIMIT, () -> there.start(output, "demo"));
            figures.add(new Figure("downloaded for the demonstration", megabytes(), "MB"));
            if (!skipVerify) {
                step("./mvnw verify", VERIFY_LIMIT, () -> there.run(output, "./mvnw", "verify"));
                figures.add(new Figure("downloaded in all", megabytes(), "MB"));
            }
            return new ProofReport(checks, figures);
        }

        private void step(String what, Duration limit, Supplier<ChildProcess> start) {
            if (checks.stream().anyMatch(check -> !check.passed())) {
                checks.add(new Check(what, "exit code 0", "not tried", false));
                return;
            }
            long from = time.nanos();
            try (ChildProcess process = start.get()) {
                OptionalInt code = process.awaitExit(limit);
                double took = Duration.ofNanos(time.nanos() - from).toMillis() / 1000.0;
                figures.add(new Figure(what, took, "s"));
                checks.add(
                        Check.none(
                                what,
                                "exit code 0",
                                code.equals(OptionalInt.of(0)) ? List.of() : ends(process, code)));
            }
        }

        private static List<String> ends(ChildProcess process, OptionalInt code) {
            List<String> told = new ArrayList<>();
            told.add(code.isPresent() ? "exit code " + code.getAsInt() : "still running");
            told.addAll(last(process.err()));
            told.addAll(
                    last(
                            process.out().stream()
                                    .filter(line -> line.contains("ERROR") || line.contains("FAIL"))
                                    .toList()));
            return told;
        }

        private static List<String> last(List<String> lines) {
            return lines.subList(Math.max(0, lines.size() - SHOWN), lines.size());
        }

        private double megabytes() {
            try (Stream<Path> files = Files.walk(repository)) {
                long bytes = files.filter(Files::isRegularFile).mapToLong(Run::size).sum();
                return Math.round(bytes / 100_000.0) / 10.0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static long size(Path file) {
            try {
                return Files.size(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
