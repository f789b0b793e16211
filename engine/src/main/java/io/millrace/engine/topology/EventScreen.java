package io.millrace.engine.topology;

import io.millrace.engine.delivery.Screen;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.outcome.RetryRule;

import org.jspecify.annotations.Nullable;

/** What keeps events of a trigger from its handler. Threading: any thread. */
public final class EventScreen implements Screen {
    private static final ItemEnd SKIPPED =
            new ItemEnd.Failed(
                    new Failure(
                            Failure.Kind.SKIPPED,
                            "SkippedByOperator",
                            "an operator has decided to leave this event out"));

    private final Trigger trigger;

    public EventScreen(Trigger trigger) {
        this.trigger = trigger;
    }

    @Override
    public @Nullable ItemEnd undecoded(RawEvent event, long nowMillis) {
        if (!trigger.intake().skips().isEmpty()
                && trigger.intake().skips().contains(event.position())) {
            return SKIPPED;
        }
        return RetryRule.isExpired(trigger.retry(), event, nowMillis)
                ? new ItemEnd.Failed(expired(event, nowMillis))
                : null;
    }

    private static Failure expired(RawEvent event, long nowMillis) {
        return new Failure(
                Failure.Kind.EXPIRED,
                "RecordAgeExceeded",
                "the event is " + (nowMillis - event.timestamp()) + " ms old");
    }

    @Override
    public @Nullable ItemEnd decoded(Event event) {
        return null;
    }
}
