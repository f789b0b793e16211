package io.millrace.functions.testing;

import io.millrace.engine.time.SystemTimeSource;
import io.millrace.engine.time.TimeSource;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** The machine's clocks, put forward where nothing would happen but waiting. */
final class SkippingTime implements TimeSource {
    private final TimeSource real = new SystemTimeSource();
    private final AtomicLong skipped = new AtomicLong();

    @Override
    public Instant now() {
        return real.now().plusNanos(skipped.get());
    }

    @Override
    public long nanos() {
        return real.nanos() + skipped.get();
    }

    void skipTo(long nanos) {
        skipped.addAndGet(Math.max(0, nanos - nanos()));
    }
}
