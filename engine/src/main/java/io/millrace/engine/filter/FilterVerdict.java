package io.millrace.engine.filter;

import io.millrace.engine.model.Failure;

/** What a filter says about one event. */
public sealed interface FilterVerdict {
    FilterVerdict ACCEPTED = new Accepted();
    FilterVerdict REJECTED = new Rejected();

    /** The function gets the event. */
    record Accepted() implements FilterVerdict {}

    /** The event is settled without the function (STR-12, DEF-18). */
    record Rejected() implements FilterVerdict {}

    /** The filter cannot judge the event, and could not the next time. */
    record Failed(Failure failure) implements FilterVerdict {}
}
