package io.millrace.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the launcher script with faked surroundings; nothing is built and no JVM of ours starts. */
final class LauncherIT {
    private static final Path LAUNCHER = Path.of("..", "millrace").toAbsolutePath().normalize();

    @TempDir Path folder;

    private record Run(int code, String out, String err) {}

    @Test
    void shouldSayWhatToInstallWhenThereIsNoJdk() throws IOException, InterruptedException {
        Run run = run(LAUNCHER, Map.of());

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.err()).contains("no JDK 25 or later was found").hasLineCount(1);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void shouldPassOverAJdkThatIsTooOld() throws IOException, InterruptedException {
        jdk("old", "24.0.2");

        Run run = run(LAUNCHER, Map.of("JAVA_HOME", folder.resolve("old").toString()));

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.err()).contains("no JDK 25 or later was found");
    }

    @Test
    void shouldNotFallBackWhenTheNamedJdkIsTooOld() throws IOException, InterruptedException {
        jdk("old", "17.0.1");
        jdk("new", "25.0.3");

        Run run =
                run(
                        LAUNCHER,
                        Map.of(
                                "MILLRACE_JAVA_HOME", folder.resolve("old").toString(),
                                "JAVA_HOME", folder.resolve("new").toString()));

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.err()).contains("MILLRACE_JAVA_HOME").hasLineCount(1);
    }

    @Test
    void shouldPassArgumentsOnAndKeepTheExitCodeWhenCalledThroughALinkFromAnywhere()
            throws IOException, InterruptedException {
        jdk("jdks/new", "26");
        Files.createDirectories(folder.resolve("bin"));
        Path link = Files.createSymbolicLink(folder.resolve("bin/millrace"), LAUNCHER);

        Run run = run(link, Map.of("MILLRACE_JDKS", folder.resolve("jdks").toString()), "a b", "c");

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isEqualTo(42);
        assertThat(run.out())
                .contains("io.millrace.engine.cli.Millrace\na b\nc\n")
                .contains(LAUNCHER.getParent() + "/engine/target/lib/*");
    }

    /** A JDK whose java prints its arguments, one a line, and ends with 42. */
    private void jdk(String name, String version) throws IOException {
        Path bin = Files.createDirectories(folder.resolve(name).resolve("bin"));
        for (String tool : List.of("java", "javac")) {
            Path file =
                    Files.writeString(
                            bin.resolve(tool), "#!/bin/sh\nprintf '%s\\n' \"$@\"\nexit 42\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        Files.writeString(
                folder.resolve(name).resolve("release"),
                "IMPLEMENTOR=\"Somebody\"\nJAVA_VERSION=\"" + version + "\"\n");
    }

    private Run run(Path script, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash", script.toString()));
        command.addAll(Arrays.asList(arguments));
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", pathWithoutJava());
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("MILLRACE_JDKS", folder.resolve("none").toString());
        builder.environment().put("MILLRACE_SKIP_BUILD", "1");
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), text(out), text(err));
    }

    /** The few tools the script needs, and no java. */
    private String pathWithoutJava() throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of("bash", "readlink", "dirname")) {
            Path link = tools.resolve(tool);
            if (!Files.exists(link)) {
                Files.createSymbolicLink(link, find(tool));
            }
        }
        return tools.toString();
    }

    private static Path find(String tool) {
        return Arrays.stream(System.getenv("PATH").split(":", -1))
                .map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
