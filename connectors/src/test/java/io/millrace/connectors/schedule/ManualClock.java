package io.millrace.connectors.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.UnaryOperator;

/** A clock that a test sets, and a wait that moves it and takes no time. */
final class ManualClock implements InstantSource, ScheduleSourceTask.Waiting {
    private Instant now;
    private UnaryOperator<Duration> pace = UnaryOperator.identity();
    private boolean stopped;

    ManualClock(String now) {
        this.now = Instant.parse(now);
    }

    /** From now on a wait takes so long instead. */
    void pace(UnaryOperator<Duration> wanted) {
        pace = wanted;
    }

    void set(String time) {
        now = Instant.parse(time);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public void await(Duration duration) {
        now = now.plus(pace.apply(duration));
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public boolean isStopped() {
        return stopped;
    }
}
