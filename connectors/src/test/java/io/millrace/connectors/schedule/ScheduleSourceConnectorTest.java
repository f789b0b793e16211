package io.millrace.connectors.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class ScheduleSourceConnectorTest {
    private final ScheduleSourceConnector connector = new ScheduleSourceConnector();

    @Test
    void shouldTellWhatAnEmptyConfigurationLacks() {
        assertThat(errors(Map.of())).containsOnlyKeys("schedules", "topic");
    }

    @Test
    void shouldTellEveryErrorAtOnce() {
        Map<String, List<String>> errors =
                errors(
                        Map.ofEntries(
                                Map.entry("topic", "no topic"),
                                Map.entry("schedules", "one,two,three"),
                                Map.entry("schedule.one.expression", "cron(0 1 * * * *)"),
                                Map.entry("schedule.one.timezone", "Europe/Atlantis"),
                                Map.entry("schedule.one.missed", "forget"),
                                Map.entry("schedule.one.window.minutes", "1441"),
                                Map.entry("schedule.one.payload", "<aws.scheduler.nonsense>"),
                                Map.entry("schedule.two.expression", "rate(1 minutes)"),
                                Map.entry("schedule.two.start", "tomorrow"),
                                Map.entry("schedule.two.interval", "5"),
                                Map.entry("schedule.three.expression", "rate(1 hour)"),
                                Map.entry("schedule.three.start", "2026-01-02T00:00:00"),
                                Map.entry("schedule.three.end", "2026-01-01T00:00:00")));

        assertThat(errors)
                .containsOnlyKeys(
                        "topic",
                        "schedule.one.expression",
                        "schedule.one.timezone",
                        "schedule.one.missed",
                        "schedule.one.window.minutes",
                        "schedule.one.payload",
                        "schedule.two.expression",
                        "schedule.two.start",
                        "schedule.two.interval",
                        "schedule.three.end");
        assertThat(first(errors, "schedule.one.expression"))
                .contains("cron(0 1 * * * *)")
                .contains("one of day-of-month and day-of-week must be ?")
                .contains("allowed: rate(");
        assertThat(first(errors, "schedule.two.expression")).contains("must be '1 minute'");
        assertThat(first(errors, "schedule.two.interval")).contains("schedule.NAME.expression");
    }

    @Test
    void shouldRefuseASchedulesThatIsNeverDue() {
        assertThat(first(errors(valid("cron(0 0 30 2 ? *)")), "schedule.s.expression"))
                .contains("never due");
    }

    @Test
    void shouldRefuseATimeThatTheZoneSkips() {
        Map<String, String> config = valid("at(2026-03-29T02:30:00)");
        config.put("schedule.s.timezone", "Europe/Berlin");

        assertThat(first(errors(config), "schedule.s.expression")).contains("does not exist");
    }

    @Test
    void shouldTakeAScheduleWhoseYearsAreOver() {
        assertThat(errors(valid("cron(15 10 ? * 6L 2002-2005)"))).isEmpty();
    }

    @Test
    void shouldShareTheSchedulesOutAmongTasks() {
        Map<String, String> config = valid("rate(1 minute)");
        config.put("schedules", "a,b,c,d,e");
        connector.start(config);

        assertThat(connector.taskConfigs(2))
                .extracting(task -> task.get("schedules"))
                .containsExactly("a,b,c", "d,e");
        assertThat(connector.taskConfigs(10)).hasSize(5);
    }

    @Test
    void shouldSupportExactlyOnce() {
        assertThat(connector.exactlyOnceSupport(Map.of())).isEqualTo(ExactlyOnceSupport.SUPPORTED);
    }

    @Test
    void shouldRefuseOffsetsThatItCouldNotRead() {
        Map<String, ?> partition = Map.of("schedule", "s");

        assertThatThrownBy(() -> alter(partition, Map.of("due", "yesterday")))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("2026-01-31T00:00:00Z");
        assertThatThrownBy(() -> alter(Map.of("name", "s"), Map.of("due", "2026-01-01T00:00:00Z")))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("'schedule'");
        assertThat(alter(partition, Map.of("due", "2026-01-01T00:00:00Z"))).isTrue();
    }

    private boolean alter(Map<String, ?> partition, Map<String, ?> offset) {
        Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
        offsets.put(partition, offset);
        return connector.alterOffsets(Map.of(), offsets);
    }

    private static Map<String, String> valid(String expression) {
        Map<String, String> config = new HashMap<>();
        config.put("topic", "ticks");
        config.put("schedules", "s");
        config.put("schedule.s.expression", expression);
        return config;
    }

    private static String first(Map<String, List<String>> errors, String key) {
        return errors.getOrDefault(key, List.of("no error")).get(0);
    }

    private Map<String, List<String>> errors(Map<String, String> config) {
        Map<String, List<String>> errors = new TreeMap<>();
        for (ConfigValue value : connector.validate(config).configValues()) {
            if (!value.errorMessages().isEmpty()) {
                errors.put(value.name(), value.errorMessages());
            }
        }
        return errors;
    }
}
