package io.millrace.connectors.objectstore;

import java.time.Instant;

/** Which of the objects that are there at the first start become events. */
sealed interface StartPosition {

    /** All of them. */
    record Everything() implements StartPosition {}

    /** None: only what is created or overwritten after the first listing. */
    record Now() implements StartPosition {}

    /** Those last changed at or after this time. */
    record Since(Instant time) implements StartPosition {}
}
