package io.millrace.connectors.schedule;

import io.millrace.connectors.contract.FakeWorker;

import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A task of the schedule source over a worker that keeps its offsets, on a clock of its own. */
final class TaskRig {
    final ManualClock clock;
    final FakeWorker worker = new FakeWorker();
    final Map<String, String> config = new HashMap<>();
    private ScheduleSourceTask task;

    TaskRig(String now) {
        clock = new ManualClock(now);
        task = new ScheduleSourceTask(clock, clock);
        config.put("name", "ticker");
        config.put("topic", "ticks");
    }

    /** One more schedule; further settings as key and value, in turn. */
    TaskRig schedule(String name, String expression, String... settings) {
        config.merge("schedules", name, (before, added) -> before + "," + added);
        config.put("schedule." + name + ".expression", expression);
        for (int i = 0; i < settings.length; i += 2) {
            config.put("schedule." + name + "." + settings[i], settings[i + 1]);
        }
        return this;
    }

    /** Starts a task, instead of the one before: as after a crash. */
    TaskRig start() {
        task = new ScheduleSourceTask(clock, clock);
        task.initialize(worker);
        task.start(config);
        return this;
    }

    /** One poll whose records are not committed. */
    List<SourceRecord> poll() {
        try {
            List<SourceRecord> records = task.poll();
            return records == null ? List.of() : records;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Polls and commits until the clock is there. */
    List<SourceRecord> runUntil(String time) {
        Instant end = Instant.parse(time);
        List<SourceRecord> all = new ArrayList<>();
        while (clock.instant().isBefore(end)) {
            List<SourceRecord> records = poll();
            worker.deliver(records);
            all.addAll(records);
        }
        return all;
    }

    void stop() {
        task.stop();
    }

    /** Due times of a schedule, as texts. */
    static List<String> due(List<SourceRecord> records, String schedule) {
        return records.stream()
                .filter(record -> schedule.equals(record.key()))
                .map(record -> dueAt(record).toString())
                .toList();
    }

    static Instant dueAt(SourceRecord record) {
        return ((Date) ((Struct) record.value()).get("dueAt")).toInstant();
    }
}
