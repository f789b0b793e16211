package io.millrace.engine.cli;

import io.millrace.engine.config.ConfigReader;
import io.millrace.engine.config.EngineConfig;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/** Runs an engine node until the process is told to end. */
@Command(name = "server", description = "Runs an engine node until it is told to end (Ctrl-C).")
final class ServerCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Option(names = "--config", paramLabel = "FILE", description = "Properties file.")
    private @Nullable Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A setting; wins over the file and the environment.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Spec private CommandSpec spec;

    ServerCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.spec = CommandSpec.create();
    }

    @Override
    public Integer call() {
        EngineConfig node =
                ConfigReader.read(
                        Optional.ofNullable(config),
                        surroundings.environment(),
                        settings,
                        RandomGenerator.getDefault());
        PrintWriter out = spec.commandLine().getOut();
        try (RunningNode running = new RunningNode(surroundings.engine().apply(node))) {
            out.println("node " + node.nodeId() + " is running on " + node.bootstrapServers());
            out.flush();
            running.awaitEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MillraceException(ErrorCode.FAILED, "interrupted", e);
        }
        return 0;
    }
}
