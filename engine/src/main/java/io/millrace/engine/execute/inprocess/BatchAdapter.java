package io.millrace.engine.execute.inprocess;

import com.fasterxml.jackson.core.JsonProcessingException;

import io.millrace.engine.execute.BatchAnswers;
import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Invocation;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.Output;
import io.millrace.engine.model.WindowInput;
import io.millrace.engine.time.TimeSource;
import io.millrace.functions.BatchHandler;
import io.millrace.functions.BatchResult;
import io.millrace.functions.Window;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Calls a batch handler once with all events that can be read; those that cannot end by themselves.
 */
record BatchAdapter(
        BatchHandler<@Nullable Object, @Nullable Object> handler,
        InputReader reader,
        ResultEncoder encoder,
        BatchAnswers answers,
        WindowStates states,
        TimeSource time)
        implements HandlerAdapter {
    @Override
    public AttemptEnd run(Invocation invocation) {
        List<Input> inputs = new ArrayList<>(invocation.events().size());
        List<Event> events = new ArrayList<>(invocation.events().size());
        List<@Nullable Object> values = new ArrayList<>(invocation.events().size());
        for (Event event : invocation.events()) {
            Input input = reader.read(event);
            inputs.add(input);
            if (input instanceof Input.Value(Object value)) {
                events.add(event);
                values.add(value);
            }
        }
        boolean closes = invocation.window().filter(WindowInput::isFinal).isPresent();
        if (values.isEmpty() && !closes) {
            return new AttemptEnd.Completed(merged(inputs, List.of()));
        }
        return switch (call(invocation, events, Collections.unmodifiableList(values))) {
            case Call.Returned(List<ItemEnd> ends, Optional<String> state) ->
                    new AttemptEnd.Completed(closes ? ends : merged(inputs, ends), state);
            case Call.Threw(Failure failure) -> new AttemptEnd.Failed(failure);
        };
    }

    private sealed interface Call {
        record Returned(List<ItemEnd> ends, Optional<String> state) implements Call {}

        record Threw(Failure failure) implements Call {}
    }

    // A handler may throw anything; whatever it is becomes data.
    @SuppressWarnings("InterruptedExceptionSwallowed")
    private Call call(Invocation invocation, List<Event> events, List<@Nullable Object> values) {
        try {
            Optional<Window> window = states.seen(invocation.window());
            var context = new InvocationContext(invocation, List.copyOf(events), window, time);
            BatchResult<@Nullable Object> result = handler.handle(values, context);
            return window.isPresent() && window.get().isFinal()
                    ? endOfWindow(result)
                    : endsOf(result, events);
        } catch (Throwable thrown) {
            HandlerLog.threw(invocation, thrown);
            return new Call.Threw(Failures.of(thrown));
        }
    }

    /** The only end is that of the window: with the one value there is, if there is one. */
    private Call endOfWindow(@Nullable BatchResult<@Nullable Object> result) {
        if (result == null || result.values().size() > 1) {
            int found = result == null ? 0 : result.values().size();
            return new Call.Threw(
                    new Failure(
                            Failure.Kind.FUNCTION_ERROR,
                            "BatchResultMisfit",
                            "the handler returned "
                                    + (result == null ? "null" : "a result of " + found)
                                    + " for the end of a window; it must return at most one"));
        }
        BatchResult<@Nullable Object> only =
                result.values().isEmpty() && result.failures().isEmpty()
                        ? BatchResult.of(Collections.singletonList(null))
                        : result;
        return new Call.Returned(List.of(endOf(only, 0)), Optional.empty());
    }

    private Call endsOf(@Nullable BatchResult<@Nullable Object> result, List<Event> events)
            throws JsonProcessingException {
        if (result == null) {
            return misfit("null", events.size());
        }
        if (result.response().isPresent()) {
            return switch (answers.read(result.response().get(), events)) {
                case AttemptEnd.Completed(List<ItemEnd> ends, Optional<String> state) ->
                        new Call.Returned(
                                ends,
                                result.state().isEmpty() ? state : states.written(result.state()));
                case AttemptEnd.Failed(Failure failure) -> new Call.Threw(failure);
            };
        }
        return endsOf(result, events.size());
    }

    private Call endsOf(BatchResult<@Nullable Object> result, int events)
            throws JsonProcessingException {
        if (result.size().orElse(events) != events) {
            return misfit("a result for " + result.size().orElse(events), events);
        }
        for (int index : result.failures().keySet()) {
            if (index >= events) {
                return misfit("a failure of event " + index, events);
            }
        }
        List<ItemEnd> ends = new ArrayList<>(events);
        for (int i = 0; i < events; i++) {
            ItemEnd end = endOf(result, i);
            boolean entered = result.state().isPresent() && !result.failures().containsKey(i);
            if (entered && end instanceof ItemEnd.Failed(Failure failure)) {
                // The state holds the event, but its result cannot be written: none of it counts.
                return new Call.Threw(failure);
            }
            ends.add(end);
        }
        return new Call.Returned(ends, states.written(result.state()));
    }

    private ItemEnd endOf(BatchResult<@Nullable Object> result, int index) {
        Throwable failure = result.failures().get(index);
        if (failure != null) {
            return new ItemEnd.Failed(Failures.of(failure));
        }
        Object value = result.values().isEmpty() ? null : result.values().get(index);
        return value == null ? new ItemEnd.Done(Output.NONE) : encoder.encode(value);
    }

    private static Call misfit(String returned, int events) {
        return new Call.Threw(
                new Failure(
                        Failure.Kind.FUNCTION_ERROR,
                        "BatchResultMisfit",
                        "the handler returned "
                                + returned
                                + " for a batch of "
                                + events
                                + " events; it must return one end per event"));
    }

    private static List<ItemEnd> merged(List<Input> inputs, List<ItemEnd> ends) {
        List<ItemEnd> all = new ArrayList<>(inputs.size());
        int next = 0;
        for (Input input : inputs) {
            all.add(
                    switch (input) {
                        case Input.Unreadable(Failure failure) -> new ItemEnd.Failed(failure);
                        case Input.Value _ -> ends.get(next++);
                    });
        }
        return all;
    }
}
