package io.millrace.it.prove.sources.tables;

import io.millrace.engine.dev.Installation;
import io.millrace.it.harness.ChildProcess;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A database server as an artifact of Maven Central. It is fetched when a proof needs it, and not
 * with every build: it is large.
 *
 * @param artifact group, name and version, with colons between them
 */
record ServerArchive(String artifact) {
    private static final Duration FETCH = Duration.ofMinutes(10);

    /** Why it cannot be used here. */
    Optional<String> obstacle() {
        String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!system.equals("Linux amd64")) {
            return Optional.of("the server's archive is for Linux on amd64, this is " + system);
        }
        try {
            return Files.exists(jar()) || fetch()
                    ? Optional.empty()
                    : Optional.of("'" + artifact + "' cannot be fetched");
        } catch (UncheckedIOException e) {
            return Optional.of("'" + artifact + "' cannot be fetched: " + e.getMessage());
        }
    }

    /** Unpacks what is in it. */
    void unpack(Path folder) {
        run(folder, List.of("unzip", "-q", "-o", jar().toString()));
    }

    private Path jar() {
        String[] parts = artifact.split(":", -1);
        return servers().resolve(parts[1] + "-" + parts[2] + ".jar");
    }

    private boolean fetch() {
        Path home = Installation.find().home();
        try {
            Files.createDirectories(servers());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run(
                home,
                List.of(
                        home.resolve("mvnw").toString(),
                        "-q",
                        "-B",
                        "-N",
                        "dependency:copy",
                        "-Dartifact=" + artifact,
                        "-DoutputDirectory=" + servers()));
        return Files.exists(jar());
    }

    private static Path servers() {
        return Installation.find().home().resolve("it/target/servers");
    }

    /** Runs a command to its end; IllegalStateException with its words if it fails. */
    static void run(Path folder, List<String> command) {
        run(folder, Map.of(), command);
    }

    static void run(Path folder, Map<String, String> environment, List<String> command) {
        Map<String, String> all = new TreeMap<>(Map.copyOf(System.getenv()));
        all.putAll(environment);
        Path output = output();
        try (ChildProcess process = ChildProcess.start(output, folder, all, command)) {
            int code = process.awaitExit(FETCH).orElse(-1);
            if (code != 0) {
                throw new IllegalStateException(
                        command + " gave " + code + ": " + process.out() + process.err());
            }
        }
    }

    private static Path output() {
        try {
            return Files.createDirectories(
                    Installation.find().home().resolve("it/target/servers/output"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
