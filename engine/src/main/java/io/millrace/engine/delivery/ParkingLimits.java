package io.millrace.engine.delivery;

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
 */
public record ParkingLimits(
        Duration inlineDelay,
        Duration inlineTotal,
        int maxEvents,
        long maxBytes,
        int maxEventBytes) {
    public static final ParkingLimits DEFAULT =
            new ParkingLimits(
                    Duration.ofMillis(500),
                    Duration.ofSeconds(1),
                    10_000,
                    64L * 1024 * 1024,
                    1024 * 1024);

    public ParkingLimits withMaxEventBytes(int bytes) {
        return new ParkingLimits(inlineDelay, inlineTotal, maxEvents, maxBytes, bytes);
    }
}
