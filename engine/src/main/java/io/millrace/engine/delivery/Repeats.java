package io.millrace.engine.delivery;

import io.millrace.engine.model.RawEvent;

/** Recognises events that repeat an earlier one. Threading: StreamThread only. */
public interface Repeats {
    /** Nothing is a repeat. */
    Repeats NONE =
            new Repeats() {
                @Override
                public boolean isRepeat(RawEvent event) {
                    return false;
                }

                @Override
                public void finished(RawEvent event) {}
            };

    /** Whether an earlier event is the same; if not, this one is the first of its kind. */
    boolean isRepeat(RawEvent event);

    /** The offset of a first one is finished: it is remembered in the same transaction. */
    void finished(RawEvent event);
}
