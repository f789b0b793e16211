package io.millrace.connectors.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

class ScheduleSourceTaskTest {
    private static final String NINE = "2026-01-01T09:00:00Z";

    @Test
    void shouldRepeatNothingWhenTheClockIsSetBack() {
        TaskRig rig = new TaskRig(NINE).schedule("s", "rate(1 minute)").start();
        List<SourceRecord> before = rig.runUntil("2026-01-01T09:05:30Z");
        rig.clock.set("2026-01-01T09:01:30Z");

        List<SourceRecord> after = rig.runUntil("2026-01-01T09:07:30Z");

        assertThat(TaskRig.due(before, "s"))
                .hasSize(5)
                .endsWith("2026-01-01T09:04:00Z", "2026-01-01T09:05:00Z");
        assertThat(TaskRig.due(after, "s"))
                .containsExactly("2026-01-01T09:06:00Z", "2026-01-01T09:07:00Z");
    }

    @Test
    void shouldRepeatNothingWhenTheClockIsSetBackDuringARestart() {
        TaskRig rig = new TaskRig(NINE).schedule("s", "rate(1 minute)").start();
        rig.runUntil("2026-01-01T09:05:30Z");
        rig.clock.set("2026-01-01T09:01:30Z");

        List<SourceRecord> after = rig.start().runUntil("2026-01-01T09:06:30Z");

        assertThat(TaskRig.due(after, "s")).containsExactly("2026-01-01T09:06:00Z");
    }

    @Test
    void shouldFireEachMissedTimeWhenItCatchesUp() {
        assertThat(afterAnOutage("catch-up"))
                .containsExactly(
                        "09:02 0", "09:03 0", "09:04 0", "09:05 0", "09:06 0", "09:07 0",
                        "09:08 0");
    }

    @Test
    void shouldFireTheLastMissedTimeWhenItCollapses() {
        assertThat(afterAnOutage("collapse")).containsExactly("09:06 4", "09:07 0", "09:08 0");
    }

    @Test
    void shouldFireNoMissedTimeWhenItSkips() {
        assertThat(afterAnOutage("skip")).containsExactly("09:07 0", "09:08 0");
    }

    @Test
    void shouldFireMissedTimesOfAForwardJumpByThePolicy() {
        TaskRig rig =
                new TaskRig(NINE).schedule("s", "rate(1 minute)", "missed", "collapse").start();
        rig.runUntil("2026-01-01T09:01:30Z");
        rig.clock.set("2026-01-02T09:01:30Z");

        List<SourceRecord> after = rig.runUntil("2026-01-02T09:01:31Z");

        assertThat(after).hasSize(2);
        assertThat(((Struct) after.get(0).value()).getInt32("missed")).isEqualTo(1438);
    }

    @Test
    void shouldWorkOffALongOutageInBoundedPolls() {
        TaskRig rig =
                new TaskRig("2026-01-01T00:00:00Z")
                        .schedule("s", "rate(1 minute)", "missed", "collapse", "start", NINE)
                        .schedule("other", "rate(1 minute)", "start", "2026-02-01T08:59:00Z");
        rig.clock.set("2026-02-01T09:00:30Z");
        rig.start();

        List<List<SourceRecord>> polls = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            polls.add(rig.poll());
        }

        List<SourceRecord> all = polls.stream().flatMap(List::stream).toList();
        assertThat(TaskRig.due(all, "s"))
                .containsExactly("2026-02-01T08:59:00Z", "2026-02-01T09:00:00Z");
        assertThat(
                        ((Struct)
                                        all.stream()
                                                .filter(r -> r.key().equals("s"))
                                                .findFirst()
                                                .orElseThrow()
                                                .value())
                                .getInt32("missed"))
                .isEqualTo(31 * 24 * 60 - 1);
        assertThat(TaskRig.due(all, "other")).hasSize(2);
    }

    @Test
    void shouldHoldUpNoScheduleForAnotherOnesPast() {
        TaskRig rig =
                new TaskRig(NINE)
                        .schedule("past", "rate(1 minute)", "start", "2025-01-01T00:00:00Z")
                        .schedule("now", "rate(1 minute)", "start", NINE)
                        .start();

        assertThat(TaskRig.due(rig.poll(), "now")).containsExactly(NINE);
    }

    @Test
    void shouldRepeatWhatWasNotCommittedAndNothingElse() {
        TaskRig rig = new TaskRig(NINE).schedule("s", "rate(1 minute)", "start", NINE).start();
        rig.worker.deliver(rig.poll());
        rig.clock.set("2026-01-01T09:01:00Z");
        List<SourceRecord> lost = rig.poll();

        List<SourceRecord> again = rig.start().poll();

        assertThat(TaskRig.due(lost, "s")).containsExactly("2026-01-01T09:01:00Z");
        assertThat(TaskRig.due(again, "s")).isEqualTo(TaskRig.due(lost, "s"));
        assertThat(again.get(0).headers()).isEqualTo(lost.get(0).headers());
    }

    @Test
    void shouldCountAChangedExpressionFromNowAndFireNothingThatIsDone() {
        TaskRig rig = new TaskRig(NINE).schedule("s", "rate(1 hour)", "start", NINE).start();
        rig.runUntil("2026-01-01T09:00:01Z");
        rig.clock.set("2026-06-01T09:00:30Z");
        rig.config.put("schedule.s.expression", "rate(1 minute)");

        List<SourceRecord> after = rig.start().runUntil("2026-06-01T09:02:30Z");

        assertThat(TaskRig.due(after, "s"))
                .containsExactly("2026-06-01T09:01:00Z", "2026-06-01T09:02:00Z");
    }

    @Test
    void shouldFireFromStartOnAndNotFromEndOn() {
        TaskRig rig =
                new TaskRig("2026-01-01T08:00:00Z")
                        .schedule(
                                "s", "rate(1 minute)", "start", NINE, "end", "2026-01-01T09:03:00Z")
                        .start();

        assertThat(TaskRig.due(rig.runUntil("2026-01-01T10:00:00Z"), "s"))
                .containsExactly(NINE, "2026-01-01T09:01:00Z", "2026-01-01T09:02:00Z");
    }

    @Test
    void shouldFireWithinTheWindowAtAMomentOfItsOwn() {
        TaskRig rig =
                new TaskRig(NINE)
                        .schedule("s", "rate(5 minutes)", "start", NINE, "window.minutes", "10")
                        .start();
        List<Duration> offsets = new ArrayList<>();

        List<String> due = new ArrayList<>();
        while (rig.clock.instant().isBefore(Instant.parse("2026-01-01T11:00:00Z"))) {
            List<SourceRecord> records = rig.poll();
            rig.worker.deliver(records);
            for (SourceRecord record : records) {
                due.add(TaskRig.dueAt(record).toString());
                offsets.add(Duration.between(TaskRig.dueAt(record), rig.clock.instant()));
            }
        }

        assertThat(due).hasSizeGreaterThan(20).isSorted().doesNotHaveDuplicates();
        assertThat(offsets)
                .allMatch(offset -> offset.compareTo(Duration.ofSeconds(602)) < 0)
                .doesNotContain(Duration.ofMinutes(10));
        assertThat(offsets.stream().distinct().count()).isGreaterThan(10);
    }

    @Test
    void shouldSendATickThatIsTooLargeToTheDeadLetters() {
        TaskRig rig =
                new TaskRig(NINE)
                        .schedule(
                                "s", "rate(1 minute)", "start", NINE, "payload", "x".repeat(5000));
        rig.config.put("schedule.record.max.bytes", "4096");
        rig.config.put("dead.letter.topic", "failed");

        SourceRecord letter = rig.start().poll().get(0);

        assertThat(letter.topic()).isEqualTo("failed");
        assertThat(letter.value()).isEqualTo("x".repeat(5000));
        assertThat(letter.headers().lastWithName("millrace-condition").value())
                .isEqualTo("TOO_LARGE");
        assertThat(letter.sourceOffset().get("due")).isEqualTo(NINE);
    }

    @Test
    void shouldFailInWordsWhenNobodyTakesDeadLetters() {
        TaskRig rig =
                new TaskRig(NINE)
                        .schedule(
                                "s", "rate(1 minute)", "start", NINE, "payload", "x".repeat(5000));
        rig.config.put("schedule.record.max.bytes", "4096");
        rig.start();

        assertThatThrownBy(rig::poll)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("schedule 's' due at " + NINE)
                .hasMessageContaining("dead.letter.topic");
    }

    @Test
    void shouldTellTheTickInValueAndHeaders() {
        TaskRig rig =
                new TaskRig(NINE)
                        .schedule(
                                "s",
                                "cron(0 10 * * ? *)",
                                "timezone",
                                "Europe/Berlin",
                                "start",
                                NINE,
                                "payload",
                                "{\"at\":\"<aws.scheduler.scheduled-time>\",\"try\":<aws.scheduler.attempt-number>,\"html\":\"<b>\"}");
        rig.config.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");

        SourceRecord record = rig.start().poll().get(0);

        Struct value = (Struct) record.value();
        assertThat(record.key()).isEqualTo("s");
        assertThat(record.sourcePartition()).isEqualTo(Map.of("schedule", "s"));
        assertThat(value.getString("timeZone")).isEqualTo("Europe/Berlin");
        assertThat(value.getString("payload"))
                .isEqualTo("{\"at\":\"2026-01-01T09:00:00Z\",\"try\":1,\"html\":\"<b>\"}");
        assertThat(header(record, "ce_type")).isEqualTo("io.millrace.schedule.tick");
        assertThat(header(record, "ce_source")).isEqualTo("/schedules/ticker");
        assertThat(header(record, "ce_subject")).isEqualTo("s");
        assertThat(header(record, "ce_time")).isEqualTo(NINE);
        assertThat(header(record, "content-type")).isEqualTo("application/json");
    }

    @Test
    void shouldEndItsWaitWhenItIsStopped() throws InterruptedException {
        DueWait wait = new DueWait();
        CompletableFuture<Void> waiting =
                CompletableFuture.runAsync(() -> {
                    try {
                        wait.await(Duration.ofMinutes(5));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });

        wait.stop();

        assertThat(waiting.orTimeout(30, TimeUnit.SECONDS)).succeedsWithin(Duration.ofSeconds(30));
        TaskRig rig = new TaskRig(NINE).schedule("s", "rate(1 minute)", "start", NINE).start();
        rig.stop();
        assertThat(rig.poll()).isEmpty();
    }

    /** Nobody runs from 9:01:30 to 9:07:30. */
    private static List<String> afterAnOutage(String policy) {
        TaskRig rig =
                new TaskRig(NINE)
                        .schedule(
                                "s",
                                "rate(1 minute)",
                                "start",
                                "2026-01-01T09:01:00Z",
                                "missed",
                                policy)
                        .start();
        rig.runUntil("2026-01-01T09:01:30Z");
        rig.clock.set("2026-01-01T09:07:30Z");
        return rig.start().runUntil("2026-01-01T09:08:30Z").stream()
                .map(record ->
                        TaskRig.dueAt(record).toString().substring(11, 16)
                                + " "
                                + ((Struct) record.value()).getInt32("missed"))
                .toList();
    }

    private static Object header(SourceRecord record, String name) {
        return record.headers().lastWithName(name).value();
    }
}
