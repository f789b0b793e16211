package io.millrace.engine.model;

/** What a handler returned for one event, already in the bytes of the results topic. */
public sealed interface Output {
    /** The handler returned null, or is void: no result record is written. */
    record None() implements Output {}

    /**
     * A value.
     *
     * @param contentType media type, written as a header beside the value
     */
    record Value(Payload payload, String contentType) implements Output {}

    Output NONE = new None();
}
