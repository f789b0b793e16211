package io.millrace.bench.arm;

import io.millrace.bench.function.BenchFunction;
import io.millrace.bench.function.HandlerWork;
import io.millrace.engine.app.Engine;
import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.config.EngineConfig;
import io.millrace.engine.config.EngineLimits;
import io.millrace.engine.deploy.DeployTarget;
import io.millrace.engine.deploy.Deployer;
import io.millrace.engine.execute.inprocess.HandlerCheck;
import io.millrace.engine.manifest.ManifestReader;
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
 * <p>Settings: {@code lanes}, {@code max-concurrency} of the trigger; everything else is what the
 * product ships with. {@code extra} is put into the trigger's section as it is.
 */
final class MillraceArm implements Arm {
    @Override
    public Running start(ArmTask task) throws IOException {
        Path folder = Files.createDirectories(task.directory());
        var names = new TopicNames(task.group() + ".");
        var cluster = new Cluster(task.bootstrapServers(), Map.of());
        var target = new DeployTarget(cluster, task.registryUrl(), "", names, 3, 1);
        Path manifest = manifest(task, folder);
        new Deployer(
                        target,
                        (handler, code) -> {
                            HandlerCheck _ = HandlerCheck.verify(handler, code, folder);
                        },
                        new SystemTimeSource())
                .deploy(List.of(new ManifestReader(names, Map.of()).read(manifest)), _ -> {});
        Engine engine =
                Engine.start(
                        new EngineConfig(
                                task.bootstrapServers(),
                                task.registryUrl(),
                                "bench",
                                folder.resolve("state"),
                                names.prefix(),
                                1,
                                3,
                                Map.of(),
                                EngineLimits.DEFAULT));
        return engine::close;
    }

    private static Path manifest(ArmTask task, Path folder) throws IOException {
        Path jar = folder.resolve("function.jar");
        pack(jar, BenchFunction.class, HandlerWork.class);
        String text =
                """
                function: bench
                handler: %s
                code: %s
                timeout: 60s
                environment:
                  %s: "%s"
                triggers:
                  - topic: %s
                    results: %s
                    dead-letters: %s
                    lanes: %d
                    max-concurrency: %d
                    format: bytes
                %s
                """
                        .formatted(
                                BenchFunction.class.getName(),
                                jar,
                                BenchFunction.WORK,
                                task.work(),
                                task.input(),
                                task.output(),
                                task.output() + ".dead",
                                task.number("lanes", 64),
                                task.number("max-concurrency", 100),
                                task.text("extra", ""));
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
