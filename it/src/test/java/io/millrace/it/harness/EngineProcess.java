package io.millrace.it.harness;

import io.millrace.engine.config.EngineConfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An engine node in a JVM of its own, to be killed. Only its own process id is signalled. */
public final class EngineProcess implements AutoCloseable {
    private final Process process;
    private final Path log;
    private final Runnable kill;

    private EngineProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.kill = process::destroyForcibly;
        AtExit.add(kill);
    }

    /** Starts {@code millrace server}; its output goes into a file in the folder. */
    public static EngineProcess start(EngineConfig config, Path folder) throws IOException {
        var arguments = new ArrayList<String>();
        arguments.add("server");
        set(arguments, "bootstrap.servers", config.bootstrapServers());
        set(arguments, "schema.registry.url", config.schemaRegistryUrl());
        set(arguments, "node.id", config.nodeId());
        set(arguments, "state.dir", config.stateDir().toString());
        set(arguments, "replication.factor", "1");
        List<String> command =
                JavaCommand.of(
                        List.of("-Xmx512m", "-Djdk.virtualThreadScheduler.parallelism=16"),
                        "io.millrace.engine.cli.Millrace",
                        arguments.toArray(String[]::new));
        Path log = Files.createTempFile(folder, "engine-" + config.nodeId() + "-", ".log");
        return new EngineProcess(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start(),
                log);
    }

    private static void set(List<String> command, String key, String value) {
        command.add("--set");
        command.add(key + "=" + value);
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it printed. */
    public Path log() {
        return log;
    }

    /** As {@code kill -9} does; waits until the process is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** As {@code kill} does: SIGTERM; the exit code. */
    public int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            kill();
        }
        return process.exitValue();
    }

    /** Stands still from now on, as in a long pause of the machine: SIGSTOP. */
    public void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Goes on after {@link #pause}: SIGCONT. */
    public void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        if (!process.isAlive()) {
            throw new IOException(
                    "process "
                            + pid()
                            + " has ended by itself, exit code "
                            + process.exitValue()
                            + ", log "
                            + log);
        }
        int code =
                new ProcessBuilder("/bin/kill", "-" + name, Long.toString(pid())).start().waitFor();
        if (code != 0) {
            throw new IOException("kill -" + name + " gave " + code);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        AtExit.remove(kill);
    }
}
