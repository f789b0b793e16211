package io.millrace.engine.config;

import java.time.Duration;
import java.util.function.ToLongFunction;

/**
 * What a node may hold, retry and wait for. Every value is a key of its own, which documents it.
 *
 * @param metricsPort on the loopback interface; 0 for a free one, -1 for none
 */
public record EngineLimits(
        Partitions partitions,
        Parking parking,
        Commits commits,
        Supervision supervision,
        int metricsPort) {
    /** The documented defaults. */
    public static final EngineLimits DEFAULT = of(key -> Long.parseLong(key.defaultValue()));

    /** Back-pressure: at these a partition pauses. */
    public record Partitions(int maxEvents, long maxBytes) {}

    /** Which retries wait in memory, and how many events may be parked in a partition. */
    public record Parking(
            Duration inlineDelay,
            Duration inlineTotal,
            int maxEvents,
            long maxBytes,
            Copying copying) {}

    /** When events that hold up what is committed are copied into the parking store. */
    public record Copying(Duration heldUp, Duration expiring, int maxEvents) {}

    /**
     * When outcomes are committed.
     *
     * @param delay of what is delivered exactly once
     * @param relaxedDelay of what is delivered at least once
     * @param overdue when a commit is late
     */
    public record Commits(
            Duration delay,
            Duration relaxedDelay,
            int maxOutcomes,
            long maxBytes,
            Duration overdue) {}

    /**
     * How triggers are started, watched and stopped.
     *
     * @param restarts delays before a trigger that failed is started again
     */
    public record Supervision(
            Restarts restarts,
            Duration watchInterval,
            Duration startTimeout,
            Duration stopTimeout,
            Duration offsetsRefresh,
            Signs signs) {}

    /** Delays that double from the first to the longest. */
    public record Restarts(Duration first, Duration longest) {}

    /** When somebody who says nothing is given up. */
    public record Signs(Duration session, Duration deadlineChecks, Duration heartbeat) {}

    /** Takes every value from its key. */
    static EngineLimits of(ToLongFunction<ConfigKeys.Key> value) {
        return new EngineLimits(
                new Partitions(
                        (int) value.applyAsLong(LimitKeys.PARTITION_MAX_EVENTS),
                        value.applyAsLong(LimitKeys.PARTITION_MAX_BYTES)),
                new Parking(
                        millis(value, LimitKeys.RETRY_INLINE_DELAY),
                        millis(value, LimitKeys.RETRY_INLINE_TOTAL),
                        (int) value.applyAsLong(LimitKeys.PARKING_MAX_EVENTS),
                        value.applyAsLong(LimitKeys.PARKING_MAX_BYTES),
                        new Copying(
                                millis(value, LimitKeys.COPY_HELD_UP),
                                millis(value, LimitKeys.COPY_EXPIRING),
                                (int) value.applyAsLong(LimitKeys.COPY_MAX_EVENTS))),
                new Commits(
                        millis(value, LimitKeys.COMMIT_DELAY),
                        millis(value, LimitKeys.COMMIT_RELAXED_DELAY),
                        (int) value.applyAsLong(LimitKeys.COMMIT_MAX_OUTCOMES),
                        value.applyAsLong(LimitKeys.COMMIT_MAX_BYTES),
                        millis(value, LimitKeys.COMMIT_OVERDUE)),
                new Supervision(
                        new Restarts(
                                millis(value, LimitKeys.RESTART_FIRST_DELAY),
                                millis(value, LimitKeys.RESTART_MAX_DELAY)),
                        millis(value, LimitKeys.TOPIC_WATCH_INTERVAL),
                        millis(value, LimitKeys.START_TIMEOUT),
                        millis(value, LimitKeys.STOP_TIMEOUT),
                        millis(value, LimitKeys.OFFSETS_REFRESH_INTERVAL),
                        new Signs(
                                millis(value, LimitKeys.SESSION_TIMEOUT),
                                millis(value, LimitKeys.DEADLINE_INTERVAL),
                                millis(value, LimitKeys.STATE_HEARTBEAT))),
                (int) value.applyAsLong(LimitKeys.METRICS_PORT));
    }

    private static Duration millis(ToLongFunction<ConfigKeys.Key> value, ConfigKeys.Key key) {
        return Duration.ofMillis(value.applyAsLong(key));
    }

    public EngineLimits withPartitions(Partitions other) {
        return new EngineLimits(other, parking, commits, supervision, metricsPort);
    }

    public EngineLimits withSupervision(Supervision other) {
        return new EngineLimits(partitions, parking, commits, other, metricsPort);
    }

    public EngineLimits withMetricsPort(int port) {
        return new EngineLimits(partitions, parking, commits, supervision, port);
    }
}
