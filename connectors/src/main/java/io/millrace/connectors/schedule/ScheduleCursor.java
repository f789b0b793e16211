package io.millrace.connectors.schedule;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Goes through the due times of one schedule, once each and in order, whatever the clock does.
 *
 * <p>A clock that is set back makes it wait: what is done is known by due times, not by the clock.
 * One that is set forward makes due times late, and the schedule's policy decides. Threading: the
 * task thread.
 */
final class ScheduleCursor {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduleCursor.class);

    private final Schedule schedule;
    private final ScheduleMetrics metrics;
    private Instant line;
    private Optional<Instant> next;
    private Optional<Tick> collapsed = Optional.empty();
    private boolean isSkipping;

    /**
     * Begins after what is done.
     *
     * @param now where a schedule without a past and without start begins
     */
    ScheduleCursor(
            Schedule schedule,
            Optional<ScheduleOffset> done,
            Instant now,
            ScheduleMetrics metrics) {
        this.schedule = schedule;
        this.metrics = metrics;
        this.line = beginning(schedule, done, now);
        this.next = schedule.after(line);
    }

    /**
     * The next tick that fires now; empty if none does, or if the steps are used up.
     *
     * @param steps due times that may be looked at
     */
    Optional<Tick> poll(Instant now, Steps steps) {
        while (next.isPresent() && !schedule.firesAt(next.get()).isAfter(now)) {
            Instant due = next.get();
            boolean isMissed =
                    Duration.between(schedule.firesAt(due), now).compareTo(schedule.missedAfter())
                            > 0;
            if (!isMissed && collapsed.isPresent()) {
                return release();
            }
            if (!steps.take()) {
                return Optional.empty();
            }
            advance(due);
            if (!isMissed || schedule.missed() == MissedPolicy.CATCH_UP) {
                isSkipping = false;
                return Optional.of(new Tick(schedule, due, 0));
            }
            if (schedule.missed() == MissedPolicy.SKIP) {
                skip(due);
            } else {
                collapsed =
                        Optional.of(
                                new Tick(
                                        schedule,
                                        due,
                                        collapsed.map(earlier -> earlier.missed() + 1).orElse(0)));
            }
        }
        return release();
    }

    /** When it fires next; empty if it never does. */
    Optional<Instant> firesNext() {
        return next.map(schedule::firesAt);
    }

    private Optional<Tick> release() {
        Optional<Tick> tick = collapsed;
        tick.ifPresent(t -> metrics.collapsed(t.missed()));
        collapsed = Optional.empty();
        return tick;
    }

    private void advance(Instant due) {
        line = due;
        next = schedule.after(line);
    }

    private void skip(Instant due) {
        metrics.skipped();
        if (!isSkipping) {
            LOG.info("Schedule '{}' skips missed due times from {} on", schedule.name(), due);
            isSkipping = true;
        }
    }

    private static Instant beginning(
            Schedule schedule, Optional<ScheduleOffset> done, Instant now) {
        if (done.isEmpty()) {
            // With a start, everything since counts; a due time is after its line.
            return schedule.from().map(start -> start.minusMillis(1)).orElse(now);
        }
        Instant last = done.get().dueAt();
        // Another expression was not due in the past; what is done stays done.
        return done.get().isOf(schedule) || last.isAfter(now) ? last : now;
    }

    /** How many due times one poll may look at, over all schedules. */
    static final class Steps {
        private int left;

        Steps(int left) {
            this.left = left;
        }

        boolean take() {
            if (left == 0) {
                return false;
            }
            left--;
            return true;
        }

        boolean isUsedUp() {
            return left == 0;
        }
    }
}
