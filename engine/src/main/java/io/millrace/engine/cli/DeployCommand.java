package io.millrace.engine.cli;

import io.millrace.engine.deploy.DeployTarget;
import io.millrace.engine.deploy.Deployer;
import io.millrace.engine.manifest.Manifest;
import io.millrace.engine.manifest.ManifestReader;
import io.millrace.engine.model.MillraceException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Deploys functions with their triggers and sources. */
@Command(
        name = "deploy",
        description = {
            "Deploys functions with their triggers and sources.",
            "Everything is checked first; nothing is changed if something is wrong."
        })
final class DeployCommand implements Runnable {
    private static final int MAX_PARTITIONS = 1_000;

    private final Surroundings surroundings;
    @Mixin private final ClusterOptions options;

    @Parameters(arity = "1..*", paramLabel = "MANIFEST", description = "YAML file of a function.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--connect-url",
            paramLabel = "URL",
            description = "Kafka Connect's REST address.")
    private String connectUrl = "";

    @Option(names = "--dry-run", description = "Only check; change nothing.")
    private boolean dryRun;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Partitions of topics that are created (default: 3).")
    private int partitions = 3;

    @Option(
            names = "--replication-factor",
            paramLabel = "N",
            description = "Replicas of topics that are created (default: the broker's).")
    private int replicationFactor = -1;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "A variable of the manifests; wins over the environment.")
    private Map<String, String> variables = new LinkedHashMap<>();

    @Spec private CommandSpec spec;

    DeployCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.options = new ClusterOptions(surroundings);
        this.spec = CommandSpec.create();
    }

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        if (partitions < 1 || partitions > MAX_PARTITIONS) {
            throw MillraceException.invalid("--partitions", "" + partitions, "1 to 1000");
        }
        List<Manifest> manifests = readAll();
        Deployer deployer = deployer();
        if (dryRun) {
            deployer.check(manifests);
            manifests.forEach(m -> out.println("function " + m.function() + " can be deployed"));
            return;
        }
        deployer.deploy(manifests, out::println);
    }

    private Deployer deployer() {
        DeployTarget target =
                new DeployTarget(
                        options.cluster(),
                        options.schemaRegistryUrls(),
                        options.connectUrl(connectUrl),
                        options.names(),
                        partitions,
                        replicationFactor);
        return new Deployer(target, surroundings.packages(), surroundings.time());
    }

    /** Tells what is wrong with any of the manifests at once. */
    private List<Manifest> readAll() {
        Map<String, String> known = new HashMap<>(surroundings.environment());
        known.putAll(variables);
        ManifestReader reader = new ManifestReader(options.names(), known);
        List<Manifest> manifests = new ArrayList<>();
        List<MillraceException> errors = new ArrayList<>();
        for (Path file : files) {
            try {
                manifests.add(reader.read(file));
            } catch (MillraceException e) {
                errors.add(e);
            }
        }
        if (!errors.isEmpty()) {
            List<String> lines = errors.stream().map(MillraceException::text).toList();
            throw new MillraceException(errors.getFirst().code(), String.join("; ", lines));
        }
        return manifests;
    }
}
