package io.millrace.engine.cli;

import io.millrace.engine.deploy.ConnectClient;
import io.millrace.engine.deploy.SourceFile;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;

/** Makes a source. */
@Command(
        name = "create",
        description = {
            "Makes a source from a JSON file: {\"name\": ..., \"config\": {...}}.",
            "Everything is checked first; nothing is changed if something is wrong."
        })
final class SourceCreateCommand implements Runnable {
    @Mixin private final ConnectOptions connect;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            required = true,
            description = "JSON file of the source, as Kafka Connect takes it.")
    private Path file = Path.of("");

    @Option(names = "--replace", description = "Give a source that is there new settings.")
    private boolean replace;

    @Option(names = "--dry-run", description = "Only check; change nothing.")
    private boolean dryRun;

    @Spec private CommandSpec spec;

    SourceCreateCommand(Surroundings surroundings) {
        this.connect = new ConnectOptions(surroundings);
        this.spec = CommandSpec.create();
    }

    @Override
    public void run() {
        SourceFile source = SourceFile.read(file);
        PrintWriter out = spec.commandLine().getOut();
        connect.run(operations -> {
            operations.check(source, replace);
            if (dryRun) {
                out.println("dry run, nothing was changed: source " + source.name() + " is valid");
            } else {
                out.println(line(source, operations.create(source)));
            }
        });
    }

    private static String line(SourceFile source, ConnectClient.Status status) {
        String name = "source " + source.name();
        return switch (status.state()) {
            case RUNNING ->
                    name
                            + " is running, "
                            + status.detail()
                            + (source.topic().isEmpty() ? "" : ", writes to " + source.topic());
            case STARTING -> name + " is still starting";
            case STOPPED -> name + " is " + status.detail();
            case FAILED ->
                    throw new MillraceException(
                            ErrorCode.FAILED,
                            "source '" + source.name() + "' failed: " + status.detail());
        };
    }
}
