package io.millrace.engine.sink;

import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.OutboundRecord;
import io.millrace.engine.model.Outcome;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.Trigger;
import io.millrace.schemas.EventHeaders;

import java.util.ArrayList;
import java.util.List;

/**
 * An event that failed for good, as a record: key and value byte for byte, its headers as they
 * were, then ours, so that publishing it again as it is redrives it.
 */
public final class DeadLetterMapper {
    private static final int MAX_TEXT = 1_024;

    private final Trigger trigger;
    private final String node;

    public DeadLetterMapper(Trigger trigger, String node) {
        this.trigger = trigger;
        this.node = node;
    }

    public OutboundRecord map(FunctionSpec function, Outcome.Failed outcome, Provenance from) {
        return record(from, headers(from.event().headers(), function, outcome, from));
    }

    /** Without the event's own headers, for when these make the record too large. */
    public OutboundRecord withoutHeaders(
            FunctionSpec function, Outcome.Failed outcome, Provenance from) {
        var headers = headers(List.of(), function, outcome, from);
        headers.add(Header.of(EventHeaders.TRUNCATED, "headers"));
        return record(from, headers);
    }

    /** Our headers alone, which name the place of the event: the last resort. */
    public OutboundRecord coordinatesOnly(
            FunctionSpec function, Outcome.Failed outcome, Provenance from) {
        var headers = headers(List.of(), function, outcome, from);
        headers.add(Header.of(EventHeaders.TRUNCATED, "key,value,headers"));
        return new OutboundRecord(
                trigger.destinations().deadLetters(),
                Payload.NULL,
                Payload.NULL,
                headers,
                from.endedAt().toEpochMilli());
    }

    private OutboundRecord record(Provenance from, List<Header> headers) {
        RawEvent event = from.event();
        return new OutboundRecord(
                trigger.destinations().deadLetters(),
                event.key(),
                event.value(),
                headers,
                from.endedAt().toEpochMilli());
    }

    private List<Header> headers(
            List<Header> own, FunctionSpec function, Outcome.Failed outcome, Provenance from) {
        var headers = new ArrayList<>(own);
        headers.addAll(ResultMapper.facts(trigger, function, from));
        headers.add(
                Header.of(EventHeaders.SOURCE_TIMESTAMP, Long.toString(from.event().timestamp())));
        headers.add(Header.of(EventHeaders.FIRST_ATTEMPT_AT, from.times().first().toString()));
        headers.add(Header.of(EventHeaders.LAST_ATTEMPT_AT, from.times().last().toString()));
        headers.add(Header.of(EventHeaders.CONDITION, outcome.condition().text()));
        headers.add(Header.of(EventHeaders.ERROR_TYPE, printable(outcome.failure().type())));
        headers.add(Header.of(EventHeaders.ERROR_MESSAGE, printable(outcome.failure().message())));
        headers.add(Header.of(EventHeaders.NODE, node));
        return headers;
    }

    /** Cut, and control characters escaped: a message must not break a terminal or a log. */
    private static String printable(String text) {
        var safe = new StringBuilder(Math.min(text.length(), MAX_TEXT));
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            String shown =
                    Character.isISOControl(c) ? String.format("\\u%04x", c) : Character.toString(c);
            if (safe.length() + shown.length() > MAX_TEXT) {
                break;
            }
            safe.append(shown);
            at += Character.charCount(c);
        }
        return safe.toString();
    }
}
