package io.millrace.engine.cli;

import io.millrace.engine.dev.DevDeployment;
import io.millrace.engine.dev.DevEnvironment;
import io.millrace.engine.dev.DevPorts;
import io.millrace.engine.manifest.Manifest;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Everything Millrace needs in one process, until it is told to end. */
@Command(
        name = "dev",
        description = {
            "Starts Kafka, a schema registry, Kafka Connect, an object store and Millrace in one"
                    + " process, until it is told to end (Ctrl-C).",
            "Exit code 0 after SIGTERM, 130 after Ctrl-C."
        })
final class DevCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Parameters(
            arity = "0..*",
            paramLabel = "MANIFEST",
            description = "YAML files of functions to deploy.")
    private List<Path> manifests = new ArrayList<>();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Keep all data here (default: a temporary directory, thrown away).")
    private @Nullable Path data;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            description = "0 for any free one (default: 9092).")
    private int kafkaPort = 9092;

    @Option(
            names = "--registry-port",
            paramLabel = "PORT",
            description = "0 for any free one (default: 8081).")
    private int registryPort = 8081;

    @Option(
            names = "--connect-port",
            paramLabel = "PORT",
            description = "0 for any free one (default: 8083).")
    private int connectPort = 8083;

    @Option(
            names = "--s3-port",
            paramLabel = "PORT",
            description = "0 for any free one (default: 9000).")
    private int storePort = 9000;

    @Spec private CommandSpec spec;

    DevCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.spec = CommandSpec.create();
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        long from = surroundings.time().nanos();
        // What can be refused at once is, before anything is made.
        DevPorts ports = new DevPorts(kafkaPort, registryPort, connectPort, storePort);
        ports.requireFree();
        DevDeployment.check(manifests, surroundings.environment(), surroundings.packages());
        try (DevSession session = DevSession.over(Optional.ofNullable(data))) {
            DevEnvironment environment = session.start(ports, surroundings);
            Duration took = Duration.ofNanos(surroundings.time().nanos() - from);
            out.printf(Locale.ROOT, "Millrace is up after %.1f s.%n%n", took.toMillis() / 1000.0);
            DevDeployment deployment = DevSession.deployment(environment, surroundings);
            List<Manifest> read = deployment.read(manifests, surroundings.environment());
            if (!read.isEmpty()) {
                deployment.deploy(read, line -> out.println("  " + line));
                out.println();
            }
            tellAddresses(out, environment, session, read);
            session.running().awaitEnd();
            throwIfFailed(environment);
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MillraceException(ErrorCode.FAILED, "interrupted", e);
        }
    }

    private static void throwIfFailed(DevEnvironment environment) {
        String failure = environment.failure().getNow("");
        if (!failure.isEmpty()) {
            throw new MillraceException(ErrorCode.UNAVAILABLE, failure);
        }
    }

    private static void tellAddresses(
            PrintWriter out, DevEnvironment environment, DevSession session, List<Manifest> read) {
        out.println("  Kafka            " + environment.bootstrapServers());
        out.println("  schema registry  " + environment.schemaRegistryUrl());
        out.println("  Kafka Connect    " + environment.connectUrl());
        out.println("  object store     " + environment.objectStoreUrl() + "  (S3, path style)");
        out.println("    credentials    " + environment.credentialsFile());
        var buckets = DevDeployment.buckets(read);
        if (!buckets.isEmpty()) {
            out.println("    buckets        " + String.join(", ", buckets));
        }
        out.println(
                "  data             "
                        + environment.data()
                        + (session.data().isKept() ? "" : "  (thrown away at the end)"));
        out.println();
        out.println("Try in another terminal:");
        out.println(
                "  export MILLRACE_BOOTSTRAP_SERVERS="
                        + environment.bootstrapServers()
                        + " MILLRACE_SCHEMA_REGISTRY_URL="
                        + environment.schemaRegistryUrl()
                        + " MILLRACE_CONNECT_URL="
                        + environment.connectUrl());
        out.println("  millrace deploy function.yaml");
        out.println("  millrace triggers");
        out.println("Ctrl-C ends it.");
        out.flush();
    }
}
