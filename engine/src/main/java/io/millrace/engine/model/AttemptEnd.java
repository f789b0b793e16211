package io.millrace.engine.model;

import java.util.List;

/** How one attempt ended. */
public sealed interface AttemptEnd {
    /**
     * The handler came to an end.
     *
     * @param items one per event of the invocation, in its order
     */
    record Completed(List<ItemEnd> items) implements AttemptEnd {
        public Completed {
            items = List.copyOf(items);
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
