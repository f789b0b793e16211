package io.millrace.connectors.schedule;

import com.cronutils.model.time.ExecutionTime;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;

/**
 * When something is due. The same question always has the same answer: nothing here knows what time
 * it is. Threading: any thread.
 */
sealed interface DueTimes {
    /** The first due time after that one; empty if there is none. */
    Optional<Instant> after(Instant time);

    /**
     * Every so long, counted from an anchor, which is due itself.
     *
     * @param period of time that passes, whatever clocks on walls show
     */
    record Rate(Instant anchor, Duration period) implements DueTimes {
        @Override
        public Optional<Instant> after(Instant time) {
            if (time.isBefore(anchor)) {
                return Optional.of(anchor);
            }
            long passed = Duration.between(anchor, time).dividedBy(period);
            return Optional.of(anchor.plus(period.multipliedBy(passed + 1)));
        }
    }

    /**
     * Where a clock on a wall of that zone fits the expression. A time that the clock skips in
     * spring is skipped; of one that it shows twice in autumn only the first counts.
     */
    record Cron(ExecutionTime times, ZoneId zone) implements DueTimes {
        @Override
        public Optional<Instant> after(Instant time) {
            ZonedDateTime from = time.atZone(zone);
            while (true) {
                Optional<ZonedDateTime> next = times.nextExecution(from);
                if (next.isEmpty() || isFirst(next.get())) {
                    return next.map(ZonedDateTime::toInstant);
                }
                from = next.get();
            }
        }

        private static boolean isFirst(ZonedDateTime time) {
            List<ZoneOffset> valid =
                    time.getZone().getRules().getValidOffsets(time.toLocalDateTime());
            return valid.isEmpty() || valid.get(0).equals(time.getOffset());
        }
    }

    /** Once, when a clock on a wall of that zone first shows it. */
    record At(LocalDateTime local, ZoneId zone) implements DueTimes {
        @Override
        public Optional<Instant> after(Instant time) {
            List<ZoneOffset> valid = zone.getRules().getValidOffsets(local);
            return valid.stream()
                    .findFirst()
                    .map(local::toInstant)
                    .filter(due -> due.isAfter(time));
        }
    }
}
