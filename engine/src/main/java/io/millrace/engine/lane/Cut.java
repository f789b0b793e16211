package io.millrace.engine.lane;

import io.millrace.engine.model.RawEvent;

/**
 * Where a batch ends.
 *
 * @param maxBytes a single event may be larger
 * @param windowNanos how long a batch that is not full waits for more
 * @param earlier how far events have come that were tried before they were read again
 */
public record Cut(int maxBytes, long windowNanos, Earlier earlier) {
    /** What is known of events from before; any thread. */
    public interface Earlier {
        /** Nothing is known of any event. */
        Earlier NOTHING = _ -> Progress.NONE;

        Progress of(RawEvent event);
    }
}
