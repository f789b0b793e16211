package io.millrace.engine.config;

import java.util.List;

/** Settings that bound what a node holds, retries and waits for. */
final class LimitKeys {
    private static final long MIB = 1024 * 1024;
    private static final long HOUR = 3_600_000;
    private static final long DAY = 24 * HOUR;

    static final ConfigKeys.Key PARTITION_MAX_EVENTS =
            ConfigKeys.Key.number(
                    "partition.max.events",
                    "Events of a partition that are read and not finished: it pauses there and goes"
                            + " on at half of it.",
                    10_000,
                    1,
                    1_000_000);

    static final ConfigKeys.Key PARTITION_MAX_BYTES =
            ConfigKeys.Key.number(
                    "partition.max.bytes",
                    "Bytes of these events, likewise.",
                    16 * MIB,
                    1_024,
                    4_096 * MIB);

    static final ConfigKeys.Key RETRY_INLINE_DELAY =
            ConfigKeys.Key.number(
                    "retry.inline.delay.ms",
                    "A retry with a longer delay is parked; a shorter one waits in memory.",
                    500,
                    0,
                    60_000);

    static final ConfigKeys.Key RETRY_INLINE_TOTAL =
            ConfigKeys.Key.number(
                    "retry.inline.total.ms",
                    "An event that has been tried for this long is parked, however short the delay.",
                    1_000,
                    0,
                    10 * 60_000);

    static final ConfigKeys.Key PARKING_MAX_EVENTS =
            ConfigKeys.Key.number(
                    "parking.max.events",
                    "Parked events of a partition. When they are full, retries wait in memory and"
                            + " their partition pauses.",
                    10_000,
                    0,
                    1_000_000);

    static final ConfigKeys.Key PARKING_MAX_BYTES =
            ConfigKeys.Key.number(
                    "parking.max.bytes",
                    "Bytes of these events, likewise.",
                    64 * MIB,
                    0,
                    16_384 * MIB);

    static final ConfigKeys.Key COPY_HELD_UP =
            ConfigKeys.Key.number(
                    "parking.copy.held.up.ms",
                    "An unfinished event that others wait for behind the most that can be committed"
                            + " is copied into the parking store after this time.",
                    1_000,
                    10,
                    HOUR);

    static final ConfigKeys.Key COPY_EXPIRING =
            ConfigKeys.Key.number(
                    "parking.copy.expiring.ms",
                    "An unfinished event older than half of what its topic keeps is copied after"
                            + " this time.",
                    30_000,
                    10,
                    DAY);

    static final ConfigKeys.Key COPY_MAX_EVENTS =
            ConfigKeys.Key.number(
                    "parking.copy.max.events",
                    "Events of a partition copied at a time, every 50 ms.",
                    64,
                    1,
                    10_000);

    static final ConfigKeys.Key COMMIT_DELAY =
            ConfigKeys.Key.number(
                    "commit.delay.ms",
                    "How long an outcome waits for others to be committed with, exactly once; less"
                            + " when nothing runs, more when commits take long.",
                    5,
                    0,
                    10_000);

    static final ConfigKeys.Key COMMIT_RELAXED_DELAY =
            ConfigKeys.Key.number(
                    "commit.at.least.once.delay.ms",
                    "The same of a trigger that delivers at least once, whose results do not wait"
                            + " for it.",
                    100,
                    0,
                    10_000);

    static final ConfigKeys.Key COMMIT_MAX_OUTCOMES =
            ConfigKeys.Key.number(
                    "commit.max.outcomes",
                    "So many outcomes of a partition are committed without waiting.",
                    10_000,
                    1,
                    1_000_000);

    static final ConfigKeys.Key COMMIT_MAX_BYTES =
            ConfigKeys.Key.number(
                    "commit.max.bytes",
                    "So many bytes of outcomes, likewise.",
                    16 * MIB,
                    1_024,
                    4_096 * MIB);

    static final ConfigKeys.Key COMMIT_OVERDUE =
            ConfigKeys.Key.number(
                    "commit.overdue.ms",
                    "A commit that takes longer stops outcomes from being applied until it is over.",
                    1_000,
                    10,
                    60_000);

    static final ConfigKeys.Key RESTART_FIRST_DELAY =
            ConfigKeys.Key.number(
                    "restart.first.delay.ms",
                    "Before a trigger that failed is started again; doubles with every failure.",
                    500,
                    1,
                    60_000);

    static final ConfigKeys.Key RESTART_MAX_DELAY =
            ConfigKeys.Key.number(
                    "restart.max.delay.ms",
                    "Longest such delay; not shorter than the first.",
                    15_000,
                    1,
                    HOUR);

    static final ConfigKeys.Key TOPIC_WATCH_INTERVAL =
            ConfigKeys.Key.number(
                    "topic.watch.interval.ms",
                    "Between two looks at the topics of running triggers: whether they are there,"
                            + " have grown, or take smaller records.",
                    2_000,
                    100,
                    60_000);

    static final ConfigKeys.Key STOP_TIMEOUT =
            ConfigKeys.Key.number(
                    "stop.timeout.ms",
                    "How long a trigger that stops waits for running calls; their events run again.",
                    20_000,
                    0,
                    HOUR);

    static final ConfigKeys.Key START_TIMEOUT =
            ConfigKeys.Key.number(
                    "start.timeout.ms",
                    "How long a node that starts waits for the registry of functions and triggers.",
                    60_000,
                    1_000,
                    HOUR);

    static final ConfigKeys.Key OFFSETS_REFRESH_INTERVAL =
            ConfigKeys.Key.number(
                    "offsets.refresh.interval.ms",
                    "How often the offsets of disabled triggers are committed again, so that Kafka"
                            + " does not forget them (offsets.retention.minutes, 7 days).",
                    DAY,
                    1_000,
                    6 * DAY);

    static final ConfigKeys.Key SESSION_TIMEOUT =
            ConfigKeys.Key.number(
                    "session.timeout.ms",
                    "After this long without a sign of life other nodes take over a node's"
                            + " partitions; within the brokers' group.min and"
                            + " group.max.session.timeout.ms. Heartbeats come every tenth of it.",
                    10_000,
                    1_000,
                    HOUR / 2);

    static final ConfigKeys.Key DEADLINE_INTERVAL =
            ConfigKeys.Key.number(
                    "deadline.check.interval.ms",
                    "How late a function's timeout may be noticed.",
                    20,
                    1,
                    1_000);

    static final ConfigKeys.Key STATE_HEARTBEAT =
            ConfigKeys.Key.number(
                    "state.heartbeat.interval.ms",
                    "How often a node says how its triggers fare when nothing changes.",
                    10_000,
                    1_000,
                    HOUR);

    static final ConfigKeys.Key METRICS_PORT =
            ConfigKeys.Key.number(
                    "metrics.port",
                    "Port on the loopback interface for metrics as Prometheus text under /metrics;"
                            + " 0 takes a free one, -1 is off.",
                    -1,
                    -1,
                    65_535);

    static final List<ConfigKeys.Key> ALL =
            List.of(
                    PARTITION_MAX_EVENTS,
                    PARTITION_MAX_BYTES,
                    RETRY_INLINE_DELAY,
                    RETRY_INLINE_TOTAL,
                    PARKING_MAX_EVENTS,
                    PARKING_MAX_BYTES,
                    COPY_HELD_UP,
                    COPY_EXPIRING,
                    COPY_MAX_EVENTS,
                    COMMIT_DELAY,
                    COMMIT_RELAXED_DELAY,
                    COMMIT_MAX_OUTCOMES,
                    COMMIT_MAX_BYTES,
                    COMMIT_OVERDUE,
                    RESTART_FIRST_DELAY,
                    RESTART_MAX_DELAY,
                    TOPIC_WATCH_INTERVAL,
                    STOP_TIMEOUT,
                    START_TIMEOUT,
                    OFFSETS_REFRESH_INTERVAL,
                    SESSION_TIMEOUT,
                    DEADLINE_INTERVAL,
                    STATE_HEARTBEAT,
                    METRICS_PORT);

    private LimitKeys() {}
}
