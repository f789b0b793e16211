package io.millrace.engine.execute.inprocess;

import io.millrace.engine.model.ItemEnd;

/** Turns what a handler returned into the bytes of the results topic. Threading: any thread. */
@FunctionalInterface
public interface ResultEncoder {
    /**
     * Encodes one value; never throws.
     *
     * @param value what the handler returned for one event, not null
     */
    ItemEnd encode(Object value);
}
