package io.millrace.it.prove.sources;

import io.millrace.engine.dev.Installation;
import io.millrace.it.prove.Check;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The plugin archive as the build made it, unpacked below a stock worker's plugin.path. */
public final class PluginScenario implements SourceScenario {
    /** Every source connector, with keys that have no default. */
    static final Map<String, Set<String>> CONNECTORS =
            Map.of(
                    "io.millrace.connectors.objectstore.ObjectStoreSourceConnector",
                    Set.of("objectstore.bucket", "topic"),
                    "io.millrace.connectors.schedule.ScheduleSourceConnector",
                    Set.of("schedules", "topic"));

    @Override
    public String name() {
        return "plugins";
    }

    @Override
    public void run(SourceBed bed) throws IOException {
        bed.checkAll(judge(start(bed).rest()));
    }

    /** Starts a worker over the unpacked archive. */
    public static ConnectWorker start(SourceBed bed) throws IOException {
        Path plugins = bed.folder("plugins");
        unpack(archive(), plugins);
        return bed.startWorker(
                "stock", plugins, Map.of("value.converter.schema.registry.url", bed.registryUrl()));
    }

    /** Looks at what such a worker has. */
    public static List<Check> judge(ConnectRest rest) {
        List<Check> checks = new ArrayList<>();
        checks.add(found(rest.sourceConnectors()));
        CONNECTORS.forEach((connector, keys) ->
                checks.add(refused(connector, keys, rest.validate(connector, Map.of()))));
        return checks;
    }

    static Check found(Set<String> plugins) {
        return Check.none(
                "the worker finds every connector",
                "all " + CONNECTORS.size(),
                CONNECTORS.keySet().stream().filter(name -> !plugins.contains(name)).toList());
    }

    /** An empty configuration gives an error for every key without a default, at once. */
    static Check refused(String connector, Set<String> keys, List<String> errors) {
        List<String> missing = new ArrayList<>();
        for (String key : keys) {
            if (errors.stream().noneMatch(error -> error.startsWith(key + ": "))) {
                missing.add("no error for '" + key + "' in " + errors);
            }
        }
        return Check.none(
                connector.substring(connector.lastIndexOf('.') + 1)
                        + " tells all errors of an empty configuration at once",
                "errors for " + keys,
                missing);
    }

    private static Path archive() throws IOException {
        Path target = Installation.find().home().resolve("connectors/target");
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file ->
                            file.getFileName().toString().matches("millrace-connectors-.*\\.zip"))
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalStateException(
                                    "'" + target + "' holds no plugin archive; package it first"));
        }
    }

    private static void unpack(Path archive, Path folder) {
        try (InputStream file = Files.newInputStream(archive);
                ZipInputStream zip = new ZipInputStream(file)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IllegalStateException("'" + entry.getName() + "' leads out of it");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(parent(target));
                    Files.copy(zip, target);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path parent(Path file) {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }
}
