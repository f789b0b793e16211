package io.millrace.engine.inspect;

import java.time.Duration;
import java.util.Optional;

/**
 * What to read of a topic.
 *
 * @param follow whether to go on with what comes later
 * @param patience how long to wait for the next record when following; without it for ever
 */
public record ReadRequest(String topic, Start start, boolean follow, Optional<Duration> patience) {
    /** Where reading begins. */
    public sealed interface Start {
        /** With the oldest record that is kept. */
        record Beginning() implements Start {}

        /** With what is written from now on. */
        record Now() implements Start {}

        /**
         * With the newest records.
         *
         * @param count of all partitions together, 1 to {@link #MAX}
         */
        record Last(int count) implements Start {
            /** They are held in memory. */
            public static final int MAX = 10_000;
        }
    }
}
