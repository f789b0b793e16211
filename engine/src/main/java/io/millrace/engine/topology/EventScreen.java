package io.millrace.engine.topology;

import io.millrace.engine.delivery.Screen;
import io.millrace.engine.filter.EventFilter;
import io.millrace.engine.filter.FilterVerdict;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.outcome.RetryRule;
import io.millrace.engine.sink.Lineage;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/** What keeps events of a trigger from its handler. Threading: any thread. */
public final class EventScreen implements Screen {
    private static final ItemEnd SKIPPED =
            new ItemEnd.Failed(
                    new Failure(
                            Failure.Kind.SKIPPED,
                            "SkippedByOperator",
                            "an operator has decided to leave this event out"));

    private final Trigger trigger;
    private final Optional<EventFilter> filter;

    /** Compiles the filters of the trigger. */
    public EventScreen(Trigger trigger) {
        this.trigger = trigger;
        List<String> patterns = trigger.intake().filters();
        this.filter =
                patterns.isEmpty() ? Optional.empty() : Optional.of(EventFilter.compile(patterns));
    }

    @Override
    public @Nullable ItemEnd undecoded(RawEvent event, long nowMillis) {
        if (!trigger.intake().skips().isEmpty()
                && trigger.intake().skips().contains(event.position())) {
            return SKIPPED;
        }
        if (RetryRule.isExpired(trigger.retry(), event, nowMillis)) {
            return new ItemEnd.Failed(expired(event, nowMillis));
        }
        return !event.headers().isEmpty() && Lineage.of(event.headers()).stops(trigger.function())
                ? new ItemEnd.Failed(recursion())
                : null;
    }

    private Failure recursion() {
        return new Failure(
                Failure.Kind.RECURSION,
                "RecursionStopped",
                "function '"
                        + trigger.function()
                        + "' has run "
                        + Lineage.MAX_DEPTH
                        + " times in the chain of events that led to this one");
    }

    private static Failure expired(RawEvent event, long nowMillis) {
        return new Failure(
                Failure.Kind.EXPIRED,
                "RecordAgeExceeded",
                "the event is " + (nowMillis - event.timestamp()) + " ms old");
    }

    @Override
    public @Nullable ItemEnd decoded(Event event) {
        if (filter.isEmpty()) {
            return null;
        }
        return switch (filter.get().test(event)) {
            case FilterVerdict.Accepted _ -> null;
            case FilterVerdict.Rejected _ -> ItemEnd.FILTERED;
            case FilterVerdict.Failed(Failure failure) -> new ItemEnd.Failed(failure);
        };
    }
}
