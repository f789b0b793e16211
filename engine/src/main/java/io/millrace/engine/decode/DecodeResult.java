package io.millrace.engine.decode;

import io.millrace.engine.model.Event;
import io.millrace.engine.model.Failure;

/** What came of decoding one event. */
public sealed interface DecodeResult {
    record Decoded(Event event) implements DecodeResult {}

    /** The bytes are not what the source topic should hold; decoding again would not help. */
    record Undecodable(Failure failure) implements DecodeResult {}

    /** The schema registry could not be asked; decoding again may help. */
    record Unavailable(Failure failure) implements DecodeResult {}
}
