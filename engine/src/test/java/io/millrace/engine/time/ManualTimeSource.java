package io.millrace.engine.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Clocks that move only when told to. Threading: any thread. */
public final class ManualTimeSource implements TimeSource {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    // Close to the overflow: code that compares two readings without a difference fails here.
    private static final long FIRST_NANOS = Long.MAX_VALUE - 1_000_000;

    private final AtomicLong passed = new AtomicLong();

    @Override
    public Instant now() {
        return START.plusNanos(passed.get());
    }

    @Override
    public long nanos() {
        return FIRST_NANOS + passed.get();
    }

    public void advance(Duration duration) {
        passed.addAndGet(duration.toNanos());
    }
}
