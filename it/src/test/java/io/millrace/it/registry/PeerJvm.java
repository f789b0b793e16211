package io.millrace.it.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program of {@code src/test/peers} with others' code, in a JVM of its own. */
final class PeerJvm {
    static final Path JARS = Path.of("target", "peers");
    static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private PeerJvm() {}

    /** What the program printed, one {@code name=value} per line. */
    static Map<String, String> run(Path log, String jar, String program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(JAVA.toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", JARS.resolve(jar).toString()));
        command.add(Path.of("src", "test", "peers", program).toString());
        command.addAll(List.of(arguments));
        Path errors = log.resolveSibling(log.getFileName() + ".err");
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(log.toFile())
                        .redirectError(errors.toFile())
                        .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("%s ended", program).isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
        return results(Files.readAllLines(log));
    }

    private static Map<String, String> results(List<String> lines) {
        Map<String, String> results = new LinkedHashMap<>();
        for (String line : lines) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                results.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return results;
    }
}
