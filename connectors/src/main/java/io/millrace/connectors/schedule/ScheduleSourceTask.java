package io.millrace.connectors.schedule;

import io.millrace.connectors.PluginVersion;

import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fires its share of the schedules.
 *
 * <p>What is done is in the source offsets, stored in the same transaction as the ticks, so a task
 * that takes over goes on exactly where the last committed tick was. A poll waits one second at
 * most. Threading: the worker's task thread; {@code stop} from any thread.
 */
public final class ScheduleSourceTask extends SourceTask {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduleSourceTask.class);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    /** Due times looked at in one poll: long outages are worked off in bounded pieces. */
    private static final int MAX_STEPS = 10_000;

    private final InstantSource clock;
    private final Waiting wait;
    private final ScheduleMetrics metrics = new ScheduleMetrics();
    private volatile @Nullable Run run;

    /** How a task waits. Threading: any thread. */
    interface Waiting {
        /** Waits so long, unless it is stopped. */
        void await(Duration duration) throws InterruptedException;

        void stop();

        boolean isStopped();
    }

    /** What a started task has. */
    private record Run(List<ScheduleCursor> cursors, TickRecords records, int batch) {}

    /** For the worker. */
    public ScheduleSourceTask() {
        this(InstantSource.system(), new DueWait());
    }

    ScheduleSourceTask(InstantSource clock, Waiting wait) {
        this.clock = clock;
        this.wait = wait;
    }

    @Override
    public String version() {
        return PluginVersion.get();
    }

    @Override
    public void start(Map<String, String> properties) {
        ScheduleSourceConfig config = ScheduleSourceConfig.of(properties);
        Instant now = clock.instant();
        List<ScheduleCursor> cursors = new ArrayList<>();
        Map<String, ScheduleOffset> done = stored(config);
        for (Schedule schedule : config.schedules()) {
            cursors.add(
                    new ScheduleCursor(
                            schedule,
                            Optional.ofNullable(done.get(schedule.name())),
                            now,
                            metrics));
        }
        metrics.register(cursors.size(), context);
        run = new Run(cursors, new TickRecords(config, metrics), config.batch());
        LOG.info("Firing {} schedules", cursors.size());
    }

    @Override
    public @Nullable List<SourceRecord> poll() throws InterruptedException {
        Run current = run;
        if (current == null || wait.isStopped()) {
            return null;
        }
        Instant now = clock.instant();
        ScheduleCursor.Steps steps = new ScheduleCursor.Steps(MAX_STEPS);
        List<SourceRecord> records = due(current, now, steps);
        if (!records.isEmpty()) {
            return records;
        }
        if (!steps.isUsedUp()) {
            wait.await(untilNext(current, now));
        }
        return null;
    }

    @Override
    public void stop() {
        wait.stop();
    }

    /** One of each schedule in turn, so that one with many missed times holds up no other. */
    private List<SourceRecord> due(Run current, Instant now, ScheduleCursor.Steps steps) {
        List<SourceRecord> records = new ArrayList<>();
        boolean isMore = true;
        while (isMore) {
            isMore = false;
            for (ScheduleCursor cursor : current.cursors()) {
                if (records.size() >= current.batch()) {
                    return records;
                }
                Optional<Tick> tick = cursor.poll(now, steps);
                if (tick.isPresent()) {
                    isMore = true;
                    records.add(current.records().record(tick.get(), now));
                }
            }
        }
        return records;
    }

    private static Duration untilNext(Run current, Instant now) {
        return current.cursors().stream()
                .flatMap(cursor -> cursor.firesNext().stream())
                .map(next -> Duration.between(now, next))
                .filter(left -> left.compareTo(LONGEST_WAIT) < 0)
                .min(Duration::compareTo)
                .orElse(LONGEST_WAIT);
    }

    private Map<String, ScheduleOffset> stored(ScheduleSourceConfig config) {
        List<Map<String, String>> partitions =
                config.schedules().stream()
                        .map(schedule -> ScheduleOffset.partition(schedule.name()))
                        .toList();
        Map<String, ScheduleOffset> done = new HashMap<>();
        context.offsetStorageReader()
                .offsets(partitions)
                .forEach((partition, offset) -> {
                    String name = partition.get(ScheduleOffset.SCHEDULE);
                    if (name != null && offset != null) {
                        ScheduleOffset.of(offset).ifPresent(read -> done.put(name, read));
                    }
                });
        return done;
    }
}
