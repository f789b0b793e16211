package io.millrace.bench.arm;

import io.millrace.bench.function.BenchFunction;
import io.millrace.bench.function.HandlerAudit;
import io.millrace.bench.function.HandlerWork;
import io.millrace.engine.app.Engine;
import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.config.EngineConfig;
import io.millrace.engine.config.EngineLimits;
import io.millrace.engine.deploy.DeployTarget;
import io.millrace.engine.deploy.Deployer;
import io.millrace.engine.execute.inprocess.HandlerCheck;
import io.millrace.engine.manifest.ManifestReader;
import io.millrace.engine.model.AwsAccount;
import io.millrace.engine.model.TopicNames;
import io.millrace.engine.time.SystemTimeSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * The product as shipped: a function's jar is deployed by its manifest, and an engine node runs it.
 *
 * <p>Settings: {@code lanes}, {@code max-concurrency}, {@code guarantee}, {@code retry} of the
 * trigger, {@code timeout} of the function, {@code silent} for no results, {@code node} for another
 * node of the same cell; everything else is what the product ships with.
 */
final class MillraceArm implements Arm {
    static final String TRIGGER = "bench";

    private final Map<String, String> internals;

    /**
     * @param internals settings that are not for users: ablations
     */
    MillraceArm(Map<String, String> internals) {
        this.internals = Map.copyOf(internals);
    }

    @Override
    public Running start(ArmTask task) throws IOException {
        Path folder = Files.createDirectories(task.directory());
        var names = new TopicNames(task.group() + ".");
        if (!Files.exists(folder.resolve("function.yaml"))
                && !task.settings().containsKey("node")) {
            deploy(task, folder, names);
        }
        Engine engine =
                Engine.start(
                        new EngineConfig(
                                task.bootstrapServers(),
                                task.registryUrl(),
                                task.text("node", "bench"),
                                folder.resolve("state"),
                                names.prefix(),
                                1,
                                3,
                                internals,
                                EngineLimits.DEFAULT,
                                AwsAccount.DEFAULT));
        return engine::close;
    }

    /** Once per cell: a node that comes back, or another one, finds it deployed. */
    private static void deploy(ArmTask task, Path folder, TopicNames names) throws IOException {
        var cluster = new Cluster(task.bootstrapServers(), Map.of());
        var target = new DeployTarget(cluster, task.registryUrl(), "", names, 3, 1);
        Path manifest = manifest(task, folder);
        new Deployer(
                        target,
                        found -> {
                            HandlerCheck _ =
                                    HandlerCheck.verify(found.handler(), found.code(), folder);
                        },
                        new SystemTimeSource())
                .deploy(List.of(new ManifestReader(names, Map.of()).read(manifest)), _ -> {});
    }

    private static Path manifest(ArmTask task, Path folder) throws IOException {
        Path jar = folder.resolve("function.jar");
        pack(jar, BenchFunction.class, HandlerWork.class, HandlerAudit.class);
        String text =
                """
                function: bench
                handler: %s
                code: %s
                timeout: %s
                environment:
                  %s: "%s"
                  %s: "%s"
                triggers:
                  - topic: %s
                    results: %s
                    dead-letters: %s
                    lanes: %s
                    max-concurrency: %d
                    format: bytes
                    guarantee: %s
                    retry: %s
                """
                        .formatted(
                                BenchFunction.class.getName(),
                                jar,
                                task.text("timeout", "60s"),
                                BenchFunction.WORK,
                                task.work(),
                                BenchFunction.SILENT,
                                task.isSilent(),
                                task.input(),
                                task.output(),
                                task.output() + ".dead",
                                task.text("lanes", "64"),
                                task.number("max-concurrency", 100),
                                task.text("guarantee", "exactly_once"),
                                task.text("retry", "{ max-attempts: 3 }"));
        return Files.writeString(folder.resolve("function.yaml"), text);
    }

    private static void pack(Path jar, Class<?>... classes) throws IOException {
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Class<?> one : classes) {
                String name = one.getName().replace('.', '/') + ".class";
                try (InputStream code = one.getClassLoader().getResourceAsStream(name)) {
                    if (code == null) {
                        throw new IOException("class '" + name + "' is not on the class path");
                    }
                    out.putNextEntry(new JarEntry(name));
                    code.transferTo(out);
                    out.closeEntry();
                }
            }
        }
    }
}
