package io.millrace.engine.execute.inprocess;

import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Invocation;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.Output;
import io.millrace.engine.time.TimeSource;
import io.millrace.functions.Handler;
import io.millrace.functions.Window;
import io.millrace.functions.WindowResult;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Calls a handler once per event, in order.
 *
 * <p>What it throws for the only event of an invocation ends the attempt. Of several events it ends
 * that event, and those behind it are not handed out: their order would be lost when the failed one
 * is tried again. An event that cannot be read holds nothing up.
 */
record SingleAdapter(
        Handler<@Nullable Object, @Nullable Object> handler,
        InputReader reader,
        ResultEncoder encoder,
        WindowStates states,
        TimeSource time)
        implements HandlerAdapter {
    private static final ItemEnd NOT_RUN =
            new ItemEnd.Failed(
                    new Failure(
                            Failure.Kind.UNAVAILABLE,
                            "NotRun",
                            "an earlier event of the same batch failed"));

    @Override
    public AttemptEnd run(Invocation invocation) {
        List<Event> events = invocation.events();
        if (events.isEmpty()) {
            return ended(call(invocation, events, null));
        }
        if (events.size() == 1) {
            return ended(call(invocation, events.getFirst()));
        }
        return runAll(invocation, events);
    }

    private static AttemptEnd ended(Call call) {
        return switch (call) {
            case Call.Ended(ItemEnd end, Optional<String> state) ->
                    new AttemptEnd.Completed(List.of(end), state);
            case Call.Threw(Failure failure) -> new AttemptEnd.Failed(failure);
        };
    }

    private AttemptEnd runAll(Invocation invocation, List<Event> events) {
        List<ItemEnd> ends = new ArrayList<>(events.size());
        boolean goesOn = true;
        for (Event event : events) {
            if (!goesOn) {
                ends.add(NOT_RUN);
                continue;
            }
            switch (call(invocation, event)) {
                case Call.Ended(ItemEnd end, _) -> ends.add(end);
                case Call.Threw(Failure failure) -> {
                    ends.add(new ItemEnd.Failed(failure));
                    goesOn = false;
                }
            }
        }
        return new AttemptEnd.Completed(ends);
    }

    private sealed interface Call {
        record Ended(ItemEnd end, Optional<String> state) implements Call {}

        record Threw(Failure failure) implements Call {}
    }

    private Call call(Invocation invocation, Event event) {
        return switch (reader.read(event)) {
            case Input.Unreadable(Failure failure) ->
                    new Call.Ended(new ItemEnd.Failed(failure), Optional.empty());
            case Input.Value(Object value) -> call(invocation, List.of(event), value);
        };
    }

    // A handler may throw anything; whatever it is becomes data.
    @SuppressWarnings("InterruptedExceptionSwallowed")
    private Call call(Invocation invocation, List<Event> events, @Nullable Object value) {
        Object returned;
        Optional<String> state;
        try {
            Optional<Window> window = states.seen(invocation.window());
            returned =
                    handler.handle(value, new InvocationContext(invocation, events, window, time));
            state = Optional.empty();
            if (returned instanceof WindowResult<?> result) {
                state = states.written(result.state());
                returned = result.value();
            }
        } catch (Throwable thrown) {
            HandlerLog.threw(invocation, thrown);
            return new Call.Threw(Failures.of(thrown));
        }
        return new Call.Ended(
                returned == null ? new ItemEnd.Done(Output.NONE) : encoder.encode(returned), state);
    }
}
