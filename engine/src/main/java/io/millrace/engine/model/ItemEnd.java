package io.millrace.engine.model;

/** How one event of an attempt ended, where the handler came to an end itself. */
public sealed interface ItemEnd {
    record Done(Output output) implements ItemEnd {}

    record Failed(Failure failure) implements ItemEnd {}

    /** The handler never saw it: the filters did not let it pass. */
    record Filtered() implements ItemEnd {}

    ItemEnd FILTERED = new Filtered();
}
