package io.millrace.schemas;

import org.jspecify.annotations.NullMarked;

/**
 * Names of record headers. Values are UTF-8 text; numbers are decimal, times are ISO-8601 instants.
 *
 * <p>Source events carry CloudEvents 1.0 attributes in the Kafka binding's binary mode. Results and
 * dead letters carry Millrace's facts beside the headers of the event they come from; the value is
 * never wrapped.
 */
@NullMarked
public final class EventHeaders {
    /** Media type of the value; CloudEvents' datacontenttype. */
    public static final String CONTENT_TYPE = "content-type";

    /** Version of CloudEvents, {@value #CE_SPEC_VERSION_1_0}. */
    public static final String CE_SPEC_VERSION = "ce_specversion";

    /** The only version written. */
    public static final String CE_SPEC_VERSION_1_0 = "1.0";

    /** Identity of the event within its source; the same when the event is read again. */
    public static final String CE_ID = "ce_id";

    /** What the event comes from, a URI reference. */
    public static final String CE_SOURCE = "ce_source";

    /** Kind of event. */
    public static final String CE_TYPE = "ce_type";

    /** When it happened, RFC 3339. */
    public static final String CE_TIME = "ce_time";

    /** What in the source it is about: an object's key, a table. */
    public static final String CE_SUBJECT = "ce_subject";

    /** Where the schema of the value is described, a URI. */
    public static final String CE_DATA_SCHEMA = "ce_dataschema";

    /** What every header of Millrace begins with. */
    public static final String PREFIX = "millrace-";

    /** Identity of the invocation, the same for all its attempts. */
    public static final String REQUEST_ID = PREFIX + "request-id";

    /** Name of the function. */
    public static final String FUNCTION = PREFIX + "function";

    /** Version of the function that ran. */
    public static final String VERSION = PREFIX + "version";

    /** Id of the trigger. */
    public static final String TRIGGER = PREFIX + "trigger";

    /** Which attempt this comes from, 1 for the first; a result of the first does not say so. */
    public static final String ATTEMPT = PREFIX + "attempt";

    /** Position of the event: topic-partition-offset. */
    public static final String SOURCE = PREFIX + "source";

    /** Why an event ended where it did: a word for machines. */
    public static final String CONDITION = PREFIX + "condition";

    /** Type of the last failure. */
    public static final String ERROR_TYPE = PREFIX + "error-type";

    /** Message of the last failure, cut to a bound; never a stack trace. */
    public static final String ERROR_MESSAGE = PREFIX + "error-message";

    /** Timestamp of the source record in milliseconds since 1970. */
    public static final String SOURCE_TIMESTAMP = PREFIX + "source-timestamp";

    /** When the first attempt began. */
    public static final String FIRST_ATTEMPT_AT = PREFIX + "first-attempt-at";

    /** When the last attempt began. */
    public static final String LAST_ATTEMPT_AT = PREFIX + "last-attempt-at";

    /** How often this event was taken out of the dead letters and published again. */
    public static final String REDRIVES = PREFIX + "redrives";

    /**
     * Which functions ran in the chain of events up to here, and how often: function:count,... A
     * result without it begins a chain with the function that {@link #FUNCTION} names.
     */
    public static final String LINEAGE = PREFIX + "lineage";

    /** Engine node that gave the event up. */
    public static final String NODE = PREFIX + "node";

    /** What was left out of a dead letter because it would not have fitted. */
    public static final String TRUNCATED = PREFIX + "truncated";

    /** The tumbling window that was closed, start/end: this belongs to it and to no event. */
    public static final String WINDOW = PREFIX + "window";

    private EventHeaders() {}
}
