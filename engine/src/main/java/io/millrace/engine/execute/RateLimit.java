package io.millrace.engine.execute;

import io.millrace.engine.time.TimeSource;

import java.util.concurrent.TimeUnit;

/**
 * A token bucket: so many events per second, with bursts of at most a tenth of a second's worth.
 *
 * <p>What was started is debited even where it is more than there was: the bucket then has to make
 * up for it before it opens again. Threading: any thread.
 */
public final class RateLimit {
    private static final double BURST_SECONDS = 0.1;

    private final TimeSource time;
    private volatile double perSecond;
    private double tokens;
    private long filledAt;

    /**
     * @param perSecond events; infinite for no limit
     */
    public RateLimit(double perSecond, TimeSource time) {
        this.perSecond = perSecond;
        this.time = time;
        this.filledAt = time.nanos();
        this.tokens = burst();
    }

    /** A limit that is none. */
    public static RateLimit none(TimeSource time) {
        return new RateLimit(Double.POSITIVE_INFINITY, time);
    }

    /** Changes the rate; what has been debited stays so. */
    public synchronized void set(double eventsPerSecond) {
        fill();
        perSecond = eventsPerSecond;
        tokens = Math.min(tokens, burst());
    }

    /** Whether something may be started now. */
    public boolean isOpen() {
        return Double.isInfinite(perSecond) || hasToken();
    }

    private synchronized boolean hasToken() {
        fill();
        return tokens >= 1 || (tokens > 0 && tokens >= burst());
    }

    /** So many events were started. */
    public void debit(int events) {
        if (Double.isInfinite(perSecond)) {
            return;
        }
        synchronized (this) {
            tokens -= events;
        }
    }

    private double burst() {
        return Math.max(1, perSecond * BURST_SECONDS);
    }

    private void fill() {
        long now = time.nanos();
        double seconds = (now - filledAt) / (double) TimeUnit.SECONDS.toNanos(1);
        filledAt = now;
        if (Double.isFinite(perSecond)) {
            tokens = Math.min(burst(), tokens + seconds * perSecond);
        }
    }
}
