package io.millrace.engine.cli;

import io.millrace.engine.dev.DevEnvironment;
import io.millrace.engine.dev.DevPorts;
import io.millrace.engine.dev.Installation;
import io.millrace.engine.dev.demo.Demo;
import io.millrace.engine.model.MillraceException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Photographs go into a bucket, thumbnails come out, and every step is shown. */
@Command(
        name = "demo",
        description = {
            "Starts everything in one process, deploys a function that makes thumbnails, uploads"
                    + " photographs, and shows what happens to each of them.",
            "Ends with 0 only if every picture has all it shall have, exactly once."
        })
final class DemoCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Keep all data here (default: a temporary directory, thrown away).")
    private @Nullable Path data;

    @Option(
            names = "--photos",
            paramLabel = "DIR",
            description = "Your own pictures: jpg, png, gif (default: the example's).")
    private @Nullable Path photos;

    @Option(names = "--keep", description = "Stay up at the end, until Ctrl-C.")
    private boolean keep;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures to this file.")
    private @Nullable Path json;

    @Option(
            names = "--time-limit",
            paramLabel = "DURATION",
            description = "How long to wait for the last picture (default: PT3M).")
    private Duration timeLimit = Duration.ofMinutes(3);

    @Spec private CommandSpec spec;

    DemoCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.spec = CommandSpec.create();
    }

    @Override
    public Integer call() throws InterruptedException {
        if (timeLimit.isNegative() || timeLimit.isZero()) {
            throw MillraceException.invalid(
                    "--time-limit", timeLimit.toString(), "more than PT0S, for example PT3M");
        }
        PrintWriter out = spec.commandLine().getOut();
        var pictures =
                Demo.pictures(Optional.ofNullable(photos), Installation.find().thumbnailExample());
        try (DevSession session = DevSession.over(Optional.ofNullable(data))) {
            out.println(
                    "Starting Kafka, schema registry, Kafka Connect, object store, Millrace ...");
            out.flush();
            DevEnvironment environment = session.start(DevPorts.FREE, surroundings);
            Demo demo =
                    new Demo(
                            environment,
                            DevSession.deployment(environment, surroundings),
                            new Demo.Output(out, isTerminal(), session.data().isKept()),
                            new Demo.Limits(timeLimit, session.running()::isEnding),
                            surroundings.time());
            boolean complete =
                    demo.run(pictures, surroundings.environment(), Optional.ofNullable(json));
            if (keep) {
                out.println(
                        "Still up (Kafka " + environment.bootstrapServers() + "); Ctrl-C ends it.");
                out.flush();
                session.running().awaitEnd();
            }
            return complete ? 0 : 1;
        }
    }

    private boolean isTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
                && !surroundings.environment().containsKey("NO_COLOR");
    }
}
