package io.millrace.engine.delivery;

import io.millrace.engine.config.EngineLimits;

import java.time.Duration;

/**
 * Which retries wait in memory and which in the parking store.
 *
 * @param inlineDelay a longer delay parks the event ...
 * @param inlineTotal ... as does having been tried for longer than this
 * @param maxEvents parked events of a partition at most; when it is full, retries wait in memory
 *     and hold up their partition instead
 * @param maxBytes bytes of these at most
 * @param maxEventBytes an event larger than this cannot be parked
 * @param maxUnfinished an unfinished event that is older is copied into the store: its topic will
 *     delete it
 * @param copying which events that hold up others are copied into the store
 */
public record ParkingLimits(
        Duration inlineDelay,
        Duration inlineTotal,
        int maxEvents,
        long maxBytes,
        int maxEventBytes,
        Duration maxUnfinished,
        EngineLimits.Copying copying) {
    /** Where nothing is known of the source topic's retention. */
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    /** Where the source topic keeps everything. */
    public ParkingLimits(
            Duration inlineDelay,
            Duration inlineTotal,
            int maxEvents,
            long maxBytes,
            int maxEventBytes) {
        this(
                inlineDelay,
                inlineTotal,
                maxEvents,
                maxBytes,
                maxEventBytes,
                FOR_EVER,
                EngineLimits.DEFAULT.parking().copying());
    }

    public static final ParkingLimits DEFAULT =
            new ParkingLimits(
                    Duration.ofMillis(500),
                    Duration.ofSeconds(1),
                    10_000,
                    64L * 1024 * 1024,
                    1024 * 1024);

    /** Half of what the source topic keeps; negative for a topic that keeps everything. */
    public ParkingLimits withRetention(Duration retention) {
        Duration half = retention.isNegative() ? FOR_EVER : retention.dividedBy(2);
        return new ParkingLimits(
                inlineDelay, inlineTotal, maxEvents, maxBytes, maxEventBytes, half, copying);
    }

    public ParkingLimits withCopying(EngineLimits.Copying other) {
        return new ParkingLimits(
                inlineDelay, inlineTotal, maxEvents, maxBytes, maxEventBytes, maxUnfinished, other);
    }

    public ParkingLimits withMaxEventBytes(int bytes) {
        return new ParkingLimits(
                inlineDelay, inlineTotal, maxEvents, maxBytes, bytes, maxUnfinished, copying);
    }
}
