package io.millrace.engine.delivery;

import io.millrace.engine.model.Event;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.RawEvent;

import org.jspecify.annotations.Nullable;

/**
 * Keeps events from the handler: filtered, too old, skipped by an operator, or part of an endless
 * chain. Threading: pool threads; never throws.
 */
public interface Screen {
    /** Lets everything pass. */
    Screen OPEN =
            new Screen() {
                @Override
                public @Nullable ItemEnd undecoded(RawEvent event, long nowMillis) {
                    return null;
                }

                @Override
                public @Nullable ItemEnd decoded(Event event) {
                    return null;
                }
            };

    /** The end of an event that is not even decoded, or null. */
    @Nullable ItemEnd undecoded(RawEvent event, long nowMillis);

    /** The end of an event that the handler does not see, or null. */
    @Nullable ItemEnd decoded(Event event);
}
