package io.millrace.connectors.objectstore;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The time from which on objects that are not known count.
 *
 * <p>With {@code now} it is the store's clock at the first listing, so that the clocks of store and
 * worker need not agree. It outlives a restart from the first event on, because Kafka Connect keeps
 * an offset only together with a record: every stored chunk carries it.
 *
 * <p>Threading: the task thread only.
 */
final class StartLine {
    private final boolean carried;
    private Optional<Instant> since;

    /**
     * @param stored the line that an earlier task stored
     */
    StartLine(StartPosition start, Optional<Instant> stored) {
        this.carried = start instanceof StartPosition.Now;
        this.since =
                start instanceof StartPosition.Since from
                        ? Optional.of(from.time())
                        : stored.filter(line -> carried);
    }

    /** The store answered at this time; the first answer draws the line of {@code now}. */
    void storeAnswered(Instant time) {
        if (carried && since.isEmpty()) {
            // A store may tell times in whole seconds: what it changed in this second counts.
            since = Optional.of(time.truncatedTo(ChronoUnit.SECONDS));
        }
    }

    /** Whether an object that is not known was there before the line and is no event. */
    boolean isBehind(StoredObject object) {
        return since.filter(line -> object.lastModified().isBefore(line)).isPresent();
    }

    /** The line, if the source offsets have to carry it. */
    Optional<Instant> toCarry() {
        return carried ? since : Optional.empty();
    }
}
