package io.millrace.engine.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;
import io.millrace.engine.model.Trigger;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

final class TriggerReportTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Trigger TRIGGER = Samples.trigger(1, 1, RetryPolicy.DEFAULT);

    @Test
    void shouldSayThatNobodyHasSpoken() {
        TriggerReport report = report();

        assertThat(report.phase()).isEqualTo("UNKNOWN");
        assertThat(report.reason()).isEqualTo("no node runs it; is an engine running?");
        assertThat(report.lastProcessingResult()).isEqualTo("No records processed");
    }

    @Test
    void shouldNotBelieveANodeThatHasBeenSilent() {
        TriggerReport report = report(node("dead", "RUNNING", "", "OK", NOW, true));

        assertThat(report.phase()).isEqualTo("UNKNOWN");
        assertThat(report.reason()).contains("'dead' spoke last, at " + NOW);
        assertThat(report.lastProcessingResult()).isEqualTo("OK");
    }

    @Test
    void shouldTellTheWorstOfTheNodesThatSpeak() {
        TriggerReport report =
                report(
                        node("a", "RUNNING", "", "OK", NOW, false),
                        node("b", "WAITING", "no topic", "No records processed", null, false),
                        node("c", "STOPPED", "gone", "OK", NOW, true));

        assertThat(report.phase()).isEqualTo("WAITING");
        assertThat(report.reason()).isEqualTo("b: no topic");
    }

    @Test
    void shouldTellTheResultOfTheLatestInvocation() {
        TriggerReport report =
                report(
                        node("a", "RUNNING", "", "OK", NOW.minusSeconds(1), false),
                        node("b", "RUNNING", "", "PROBLEM: Function call failed", NOW, false),
                        node("c", "RUNNING", "", "No records processed", null, false));

        assertThat(report.lastProcessingResult()).isEqualTo("PROBLEM: Function call failed");
        assertThat(report.reason()).isEmpty();
    }

    private static TriggerReport report(NodeReport... nodes) {
        return TriggerReport.of(TRIGGER, List.of(nodes), OptionalLong.empty());
    }

    private static NodeReport node(
            String node,
            String phase,
            String reason,
            String result,
            @org.jspecify.annotations.Nullable Instant processedAt,
            boolean stale) {
        return new NodeReport(
                node, phase, reason, NOW, result, Optional.ofNullable(processedAt), 1, NOW, stale);
    }
}
