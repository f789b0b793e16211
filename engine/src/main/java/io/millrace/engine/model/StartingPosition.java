package io.millrace.engine.model;

import java.time.Instant;
import java.util.Optional;

/**
 * Where a new trigger begins in its source topic (ESM table, STR-1).
 *
 * @param at first event at or after this time; only where the kind asks for it
 */
public record StartingPosition(Kind kind, Optional<Instant> at) {
    /** The word for it in manifests and records. */
    public enum Kind {
        EARLIEST,
        LATEST,
        TIMESTAMP
    }

    public static final StartingPosition EARLIEST =
            new StartingPosition(Kind.EARLIEST, Optional.empty());
    public static final StartingPosition LATEST =
            new StartingPosition(Kind.LATEST, Optional.empty());

    public StartingPosition {
        if (at.isPresent() != (kind == Kind.TIMESTAMP)) {
            throw MillraceException.invalid(
                    "starting position",
                    kind + at.map(time -> " " + time).orElse(""),
                    "EARLIEST, LATEST, or TIMESTAMP with a time");
        }
    }

    public static StartingPosition at(Instant time) {
        return new StartingPosition(Kind.TIMESTAMP, Optional.of(time));
    }
}
