package io.millrace.it.harness;

import static org.awaitility.Awaitility.await;

import org.awaitility.core.ConditionTimeoutException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A process that was started here: its output is kept in files, and it is killed at the end with
 * everything it started. Only its own handle is used. Threading: one thread.
 */
public final class ChildProcess implements AutoCloseable {
    private final Process process;
    private final Path out;
    private final Path err;
    private final Runnable kill = this::kill;

    private ChildProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
        AtExit.add(kill);
    }

    /**
     * Starts a command.
     *
     * @param scratch an existing folder for its output
     * @param environment all of its variables
     */
    public static ChildProcess start(
            Path scratch, Path folder, Map<String, String> environment, List<String> command) {
        try {
            Path out = Files.createTempFile(scratch, "out", ".txt");
            Path err = Files.createTempFile(scratch, "err", ".txt");
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            return new ChildProcess(process, out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its lines on standard output so far. */
    public List<String> out() {
        return lines(out);
    }

    /** Its lines on standard error so far. */
    public List<String> err() {
        return lines(err);
    }

    /** Waits until such a line is on standard output; false when it ended or time ran out. */
    public boolean awaitLine(Predicate<String> wanted, Duration limit) {
        try {
            await().atMost(limit)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> !process.isAlive() || out().stream().anyMatch(wanted));
        } catch (ConditionTimeoutException e) {
            return false;
        }
        return out().stream().anyMatch(wanted);
    }

    /** Waits for its end; empty when it still runs after that time. */
    public OptionalInt awaitExit(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
                    ? OptionalInt.of(process.exitValue())
                    : OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a process", e);
        }
    }

    /** Asks it to end, as SIGTERM does. */
    public void terminate() {
        process.destroy();
    }

    /** Asks it to end, as SIGINT does. */
    public void interrupt() {
        try {
            Process kill = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
            if (!kill.waitFor(10, TimeUnit.SECONDS)) {
                kill.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Those it started, and that still run. */
    public List<ProcessHandle> descendants() {
        return process.descendants().toList();
    }

    @Override
    public void close() {
        kill();
        AtExit.remove(kill);
    }

    private void kill() {
        List<ProcessHandle> started = descendants();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
        var _ = awaitExit(Duration.ofSeconds(10));
    }

    private static List<String> lines(Path file) {
        try (Stream<String> lines =
                new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines()) {
            return lines.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
