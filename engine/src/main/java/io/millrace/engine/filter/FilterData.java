package io.millrace.engine.filter;

import io.millrace.engine.model.Failure;

/** A key or a value in one of the forms that FIL-2 tells apart. */
sealed interface FilterData {
    FilterData ABSENT = new Absent();
    FilterData OPAQUE = new Opaque();

    /** Kafka's null: a record without key, a tombstone. Nothing in it exists. */
    record Absent() implements FilterData {}

    /** A JSON object or array. */
    record Json(String text) implements FilterData {}

    /** UTF-8 that is not a JSON object or array. */
    record Text(String text) implements FilterData {}

    /** Not UTF-8: only metadata filters. */
    record Opaque() implements FilterData {}

    /** It cannot be looked at. */
    record Unusable(Failure failure) implements FilterData {}
}
