package io.millrace.engine.model;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Identity of an invocation: the same in every attempt and in every run of the same events, so that
 * it serves as the idempotency key for side effects (INV-9).
 */
public record RequestId(String value) {
    /** Derived from what is invoked: trigger, first and last event. */
    public static RequestId of(TriggerId trigger, EventPosition first, EventPosition last) {
        String name = trigger.value() + "|" + first + "|" + last.offset();
        return new RequestId(
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
