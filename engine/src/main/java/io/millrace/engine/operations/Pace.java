package io.millrace.engine.operations;

import io.millrace.engine.time.TimeSource;

import java.time.Duration;

/** Holds back what would be too fast. One thread. */
final class Pace {
    private final double perSecond;
    private final TimeSource time;
    private long begin;
    private long count;

    Pace(double perSecond, TimeSource time) {
        this.perSecond = perSecond;
        this.time = time;
    }

    /** Returns when the next one is due; the first at once. */
    void await() {
        if (count == 0) {
            begin = time.nanos();
        }
        long wait = waitNanos();
        if (wait > 0) {
            Pause.of(Duration.ofNanos(wait));
        }
        count++;
    }

    /** How long the next one has to wait; not positive when it is due. */
    long waitNanos() {
        return count == 0 ? 0 : begin + (long) (count * 1e9 / perSecond) - time.nanos();
    }
}
