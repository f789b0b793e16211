package io.millrace.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.config.EngineConfig;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.time.SystemTimeSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

class MillraceTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Function<EngineConfig, AutoCloseable> engine = config -> () -> {};

    @TempDir Path folder;

    @Test
    void shouldExplainItselfWithoutArguments() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("deploy", "server", "send", "read", "metering");
    }

    @Test
    void shouldTellAUsageErrorInOneLineAndAHint() {
        assertThat(run("dploy")).isEqualTo(2);

        assertThat(err.toString().lines())
                .containsExactly(
                        "millrace: Unmatched argument at index 0: 'dploy'; did you mean 'deploy'?",
                        "try: millrace --help");
    }

    @Test
    void shouldNameAMissingArgument() {
        assertThat(run("deploy")).isEqualTo(2);

        assertThat(err.toString()).contains("MANIFEST").contains("try: millrace deploy --help");
    }

    @Test
    void shouldEndWithTheCodeOfWhatWentWrong() {
        assertThat(run("deploy", folder.resolve("no.yaml").toString())).isEqualTo(3);

        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("millrace: manifest '")
                .endsWith("no.yaml' does not exist");
    }

    @Test
    void shouldTellWhatIsWrongWithAllManifests() throws IOException {
        Path one = Files.writeString(folder.resolve("one.yaml"), "functon: x\n");
        Path two = Files.writeString(folder.resolve("two.yaml"), "");

        assertThat(run("deploy", one.toString(), two.toString())).isEqualTo(2);

        assertThat(err.toString()).contains("one.yaml", "two.yaml", "did you mean 'function'?");
    }

    @Test
    void shouldTellABugAndShowItsTraceOnRequestOnly() {
        engine =
                config -> {
                    throw new IllegalStateException("broken");
                };

        assertThat(server()).isEqualTo(1);
        assertThat(err.toString())
                .contains("java.lang.IllegalStateException: broken - this is a bug")
                .contains("--stacktrace")
                .doesNotContain("\tat ");

        assertThat(server("--stacktrace")).isEqualTo(1);
        assertThat(err.toString()).contains("\tat ");
    }

    @Test
    void shouldTellWhatAnEngineNodeCouldNotDo() {
        engine =
                config -> {
                    throw new MillraceException(ErrorCode.UNAVAILABLE, "no Kafka");
                };

        assertThat(server()).isEqualTo(6);
        assertThat(err.toString()).isEqualTo("millrace: no Kafka" + System.lineSeparator());
    }

    @Test
    void shouldTellWhichSettingsOfANodeAreWrong() {
        assertThat(run("server", "--set", "bootstrap.servrs=x:1")).isEqualTo(2);

        assertThat(err.toString()).contains("did you mean 'bootstrap.servers'?");
    }

    @Test
    void shouldRefuseAmbiguousValues() {
        assertThat(run("send", "topic")).isEqualTo(2);
        assertThat(run("send", "topic", "v", "--file", "f")).isEqualTo(2);
        assertThat(run("read", "topic", "--last", "5", "--from-beginning")).isEqualTo(2);
        assertThat(run("read", "topic", "--timeout", "5s")).isEqualTo(2);
        assertThat(run("read", "topic", "--follow", "--timeout", "soon")).isEqualTo(2);
        assertThat(run("remove")).isEqualTo(2);
    }

    private int server(String... more) {
        String[] args = new String[more.length + 5];
        args[0] = "server";
        args[1] = "--set";
        args[2] = "node.id=n";
        args[3] = "--set";
        args[4] = "state.dir=" + folder;
        System.arraycopy(more, 0, args, 5, more.length);
        return run(args);
    }

    private int run(String... args) {
        Surroundings surroundings =
                new Surroundings(
                        Map.of(),
                        InputStream.nullInputStream(),
                        new SystemTimeSource(),
                        _ -> {},
                        engine);
        return Millrace.run(
                surroundings, new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
