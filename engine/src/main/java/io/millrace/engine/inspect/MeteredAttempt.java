package io.millrace.engine.inspect;

import io.millrace.schemas.MeteringEntry;
import io.millrace.schemas.MeteringRecord;

import java.time.Duration;
import java.time.Instant;

/**
 * What one attempt used.
 *
 * @param outcome how the attempt ended, as in the metering topic
 */
public record MeteredAttempt(
        Where where,
        String requestId,
        int events,
        int attempt,
        Instant startedAt,
        Usage usage,
        String outcome) {
    /** Who ran it and for which events. */
    public record Where(
            String function,
            String version,
            String trigger,
            String node,
            String source,
            long firstOffset) {}

    /** What is billed. */
    public record Usage(Duration duration, Duration billed, int memoryMb, Duration init) {}

    /** One entry of a record of the metering topic. */
    public static MeteredAttempt of(MeteringRecord record, MeteringEntry entry) {
        return new MeteredAttempt(
                new Where(
                        entry.getFunction(),
                        entry.getVersion(),
                        record.getTrigger(),
                        record.getNode(),
                        record.getTopic() + "-" + record.getPartition(),
                        entry.getFirstOffset()),
                entry.getRequestId(),
                entry.getEvents(),
                entry.getAttempt(),
                entry.getStartedAt(),
                new Usage(
                        Duration.ofNanos(entry.getDurationNanos()),
                        Duration.ofMillis(entry.getBilledMillis()),
                        entry.getMemoryMb(),
                        Duration.ofMillis(entry.getInitMillis())),
                entry.getOutcome().name());
    }
}
