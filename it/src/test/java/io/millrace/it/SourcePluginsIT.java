package io.millrace.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.cli.Millrace;
import io.millrace.it.harness.Scratch;
import io.millrace.it.prove.Check;
import io.millrace.it.prove.sources.ConnectWorker;
import io.millrace.it.prove.sources.PluginScenario;
import io.millrace.it.prove.sources.SourceBed;
import io.millrace.it.prove.sources.TopicReader;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * The plugin archive as people get it, in a Connect worker as Kafka ships it, and the commands that
 * operate on its sources.
 */
final class SourcePluginsIT {
    private static final Scratch SCRATCH = Scratch.make("plugins");
    private static final SourceBed BED = SourceBed.start(SCRATCH, "plugins", true);
    private static final String SCHEDULE =
            """
            {"name": "clock", "config": {
              "connector.class": "io.millrace.connectors.schedule.ScheduleSourceConnector",
              "tasks.max": "1", "topic": "ticks", "schedules": "%s",
              "schedule.year.expression": "rate(1 day)",
              "schedule.year.start": "2025-01-01T00:00:00Z",
              "schedule.year.end": "2026-01-01T00:00:00Z"}}
            """;

    private static ConnectWorker worker;

    private record Outcome(int code, String out, String err) {}

    @BeforeAll
    static void startWorker() throws IOException {
        worker = PluginScenario.start(BED);
    }

    @AfterAll
    static void end() {
        BED.close();
        SCRATCH.close();
    }

    @Test
    void shouldOfferEveryConnectorAndTellEveryErrorAtOnce() {
        assertThat(PluginScenario.judge(worker.rest())).isNotEmpty().allMatch(Check::passed);
    }

    @Test
    void shouldRefuseASourceWithEverythingThatIsWrongInOneLine() throws IOException {
        Outcome outcome = source("create", "-f", file(SCHEDULE.formatted("year,month")));

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err())
                .startsWith("millrace: source 'clock': 'schedule.month.expression': ")
                .hasLineCount(1);
    }

    @Test
    void shouldOperateOnASourceFromItsFileToItsEnd()
            throws IOException, InterruptedException, ExecutionException {
        BED.createTopic("ticks", 1, Map.of());
        TopicReader ticks = BED.reader("ticks");
        String file = file(SCHEDULE.formatted("year"));

        assertThat(source("create", "-f", file, "--dry-run").out()).contains("clock is valid");
        assertThat(source("status", "clock").code()).isEqualTo(3);
        assertThat(source("create", "-f", file).out())
                .contains("source clock is running, 1 task(s), writes to ticks");
        assertThat(source("create", "-f", file).code()).isEqualTo(4);
        await().atMost(Duration.ofSeconds(60)).until(() -> ticks.count() == 365);
        assertThat(source("list").out()).contains("clock", "RUNNING", "1/1", "ticks");
        assertThat(source("pause", "clock").out()).contains("PAUSED");
        assertThat(source("resume", "-f", file).out()).contains("RUNNING");
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        source("status", "clock", "--offsets")
                                .out()
                                .contains("\"due\":\"2025-12-31T00:00:00Z\""));

        assertThat(source("reset", "clock").code()).isEqualTo(2);
        assertThat(source("reset", "clock", "--dry-run").out()).contains("would forget 1 offsets");
        Outcome reset = source("reset", "clock", "--yes");
        assertThat(reset.out()).as(reset.err()).contains("has forgotten 1 offsets");
        await().atMost(Duration.ofSeconds(60)).until(() -> ticks.count() == 730);

        assertThat(source("delete", "clock").err()).contains("add --yes to do it").hasLineCount(1);
        assertThat(source("delete", "clock", "--yes").out()).contains("source clock is removed");
        assertThat(source("delete", "clock", "--yes").code()).isEqualTo(3);
    }

    private static Outcome source(String... arguments) {
        List<String> all = new ArrayList<>(List.of("source"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--connect", worker.url().toString()));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                Millrace.run(
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        all.toArray(String[]::new));
        return new Outcome(code, out.toString(), err.toString());
    }

    private static String file(String json) throws IOException {
        Path file = Files.createTempFile(SCRATCH.folder(), "source", ".json");
        return Files.writeString(file, json).toString();
    }
}
