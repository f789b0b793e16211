package io.millrace.engine.model;

import java.time.Duration;
import java.time.Instant;

/**
 * What one attempt used.
 *
 * @param events number of events handed to the handler
 * @param billedMillis the duration rounded up to whole milliseconds (MET-1)
 * @param outcome how the attempt ended, in the words of the metering schema
 */
public record MeteringLine(
        RequestId requestId,
        FunctionSpec function,
        long firstOffset,
        long lastOffset,
        int events,
        int attempt,
        Instant startedAt,
        Duration duration,
        long billedMillis,
        String outcome) {}
