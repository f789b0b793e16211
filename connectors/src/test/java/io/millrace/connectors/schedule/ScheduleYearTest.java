package io.millrace.connectors.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.cronutils.model.time.ExecutionTime;

import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A year in Berlin, on a clock that jumps from minute to hour, with a crash now and then. */
class ScheduleYearTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final String NIGHTLY = "cron(30 2 * * ? *)";
    private static final String HALF_HOURLY = "cron(0/30 * * * ? *)";
    private static final String MONTHLY = "cron(15 9 L * ? *)";
    private static final String BEGIN = "2025-12-31T22:59:59Z";
    private static final String END = "2026-12-31T23:00:00Z";

    @Test
    void shouldFireEachDueTimeOnceAcrossBothChangesOfTheClocks() {
        List<SourceRecord> year = year(new Random(7));

        assertThat(TaskRig.due(year, "nightly"))
                .isEqualTo(library(NIGHTLY))
                .hasSize(364)
                // Clocks go from 2:00 to 3:00 on 29 March, and from 3:00 to 2:00 on 25 October.
                .contains("2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z")
                .doesNotContain("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z")
                .contains("2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")
                .doesNotContain("2026-10-25T01:30:00Z");
        assertThat(TaskRig.due(year, "half-hourly"))
                .isEqualTo(library(HALF_HOURLY))
                .hasSize(365 * 48 - 2)
                .containsSequence(
                        "2026-03-29T00:00:00Z",
                        "2026-03-29T00:30:00Z",
                        "2026-03-29T01:00:00Z",
                        "2026-03-29T01:30:00Z")
                .containsSequence(
                        "2026-10-25T00:00:00Z",
                        "2026-10-25T00:30:00Z",
                        "2026-10-25T02:00:00Z",
                        "2026-10-25T02:30:00Z");
        assertThat(TaskRig.due(year, "monthly"))
                .isEqualTo(library(MONTHLY))
                .containsExactly(
                        "2026-01-31T08:15:00Z",
                        "2026-02-28T08:15:00Z",
                        "2026-03-31T07:15:00Z",
                        "2026-04-30T07:15:00Z",
                        "2026-05-31T07:15:00Z",
                        "2026-06-30T07:15:00Z",
                        "2026-07-31T07:15:00Z",
                        "2026-08-31T07:15:00Z",
                        "2026-09-30T07:15:00Z",
                        "2026-10-31T08:15:00Z",
                        "2026-11-30T08:15:00Z",
                        "2026-12-31T08:15:00Z");
        assertThat(TaskRig.due(year, "rate")).hasSize(365 * 4).doesNotHaveDuplicates();
    }

    /** One poll in fifty is never committed: its task dies and another one goes on. */
    private static List<SourceRecord> year(Random random) {
        TaskRig rig = new TaskRig(BEGIN);
        for (List<String> each :
                List.of(
                        List.of("nightly", NIGHTLY),
                        List.of("half-hourly", HALF_HOURLY),
                        List.of("monthly", MONTHLY),
                        List.of("rate", "rate(6 hours)"))) {
            rig.schedule(each.get(0), each.get(1), "timezone", "Europe/Berlin", "start", BEGIN);
        }
        rig.clock.pace(wait -> Duration.ofSeconds(1 + random.nextInt(5_400)));
        rig.start();
        List<SourceRecord> year = new ArrayList<>();
        Instant end = Instant.parse(END);
        while (rig.clock.instant().isBefore(end)) {
            List<SourceRecord> records = rig.poll();
            if (random.nextInt(50) == 0) {
                rig.start();
            } else {
                rig.worker.deliver(records);
                year.addAll(records);
            }
        }
        return year.stream().filter(record -> TaskRig.dueAt(record).isBefore(end)).toList();
    }

    /** What the library says; of wall-clock times that come twice the first. */
    private static List<String> library(String expression) {
        ExecutionTime times =
                ((DueTimes.Cron) ScheduleExpression.parse(expression, BERLIN, Instant.EPOCH))
                        .times();
        Set<LocalDateTime> seen = new HashSet<>();
        List<String> due = new ArrayList<>();
        ZonedDateTime end = Instant.parse(END).atZone(BERLIN);
        ZonedDateTime next = times.nextExecution(Instant.parse(BEGIN).atZone(BERLIN)).orElseThrow();
        while (next.isBefore(end)) {
            if (seen.add(next.toLocalDateTime())) {
                due.add(next.toInstant().toString());
            }
            next = times.nextExecution(next).orElseThrow();
        }
        return due;
    }
}
