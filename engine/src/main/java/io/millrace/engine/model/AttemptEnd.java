package io.millrace.engine.model;

import java.util.List;
import java.util.Optional;

/** How one attempt ended. */
public sealed interface AttemptEnd {
    /**
     * The handler came to an end.
     *
     * @param items one per event of the invocation, in its order; one where a window is closed
     * @param state what the handler answered as the state of its window, if it did
     */
    record Completed(List<ItemEnd> items, Optional<String> state) implements AttemptEnd {
        public Completed {
            items = List.copyOf(items);
        }

        /** Without a state. */
        public Completed(List<ItemEnd> items) {
            this(items, Optional.empty());
        }

        public boolean isClean() {
            for (ItemEnd item : items) {
                if (item instanceof ItemEnd.Failed) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * The attempt failed as a whole: the handler threw, ran out of time or lost its environment.
     */
    record Failed(Failure failure) implements AttemptEnd {}
}
