package io.millrace.engine.execute.inprocess;

import com.fasterxml.jackson.core.JsonProcessingException;

import io.millrace.engine.execute.EventDocuments;
import io.millrace.engine.execute.EventDocuments.Rendered;
import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.DecodedValue;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Invocation;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.Output;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.WindowInput;
import io.millrace.engine.time.TimeSource;
import io.millrace.functions.BatchResult;
import io.millrace.functions.Handler;
import io.millrace.functions.Window;
import io.millrace.functions.WindowResult;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Calls a handler once with the document of all events that have a place in it; those that have
 * none end by themselves.
 *
 * <ul>
 *   <li>What it returns is an answer in Lambda's form if it names {@code batchItemFailures}, or in
 *       a window has a field for its state; anything else is a result, and that of the last event
 *       of the document.
 *   <li>What it throws fails all events of the document.
 * </ul>
 */
record DocumentAdapter(
        Handler<@Nullable Object, @Nullable Object> handler,
        InputReader reader,
        ResultEncoder encoder,
        EventDocuments documents,
        WindowStates states,
        TimeSource time)
        implements HandlerAdapter {
    /** Where a document lies that is of no event: what is closed is a window. */
    private static final EventPosition NOWHERE = new EventPosition(new PartitionId("", 0), 0);

    @Override
    public AttemptEnd run(Invocation invocation) {
        Rendered rendered = documents.render(invocation);
        List<Event> given = given(invocation.events(), rendered.faults());
        boolean closes = invocation.window().filter(WindowInput::isFinal).isPresent();
        if (given.isEmpty() && !closes) {
            return merged(rendered, new AttemptEnd.Completed(List.of()));
        }
        return merged(
                rendered,
                switch (reader.read(document(given, rendered.json()))) {
                    case Input.Unreadable(Failure failure) -> new AttemptEnd.Failed(failure);
                    case Input.Value(Object value) -> call(invocation, given, rendered, value);
                });
    }

    private static List<Event> given(List<Event> events, List<Optional<Failure>> faults) {
        List<Event> given = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            if (faults.get(i).isEmpty()) {
                given.add(events.get(i));
            }
        }
        return given;
    }

    /** The document as the value of an event, so that it is read as every value is. */
    private static Event document(List<Event> given, Payload json) {
        EventPosition position = given.isEmpty() ? NOWHERE : given.getFirst().raw().position();
        RawEvent raw = new RawEvent(position, Payload.NULL, json, List.of(), 0);
        return new Event(raw, new DecodedValue.Bytes(json));
    }

    // A handler may throw anything; whatever it is becomes data.
    @SuppressWarnings("InterruptedExceptionSwallowed")
    private AttemptEnd call(
            Invocation invocation,
            List<Event> given,
            Rendered rendered,
            @Nullable Object document) {
        Object returned;
        Optional<String> state = Optional.empty();
        try {
            Optional<Window> window = states.seen(invocation.window());
            returned =
                    handler.handle(
                            document, new InvocationContext(invocation, given, window, time));
            if (returned instanceof WindowResult<?> result) {
                state = states.written(result.state());
                returned = result.value();
            }
        } catch (Throwable thrown) {
            HandlerLog.threw(invocation, thrown);
            return new AttemptEnd.Failed(Failures.of(thrown));
        }
        if (returned instanceof BatchResult<?> result) {
            return ofBatch(result, given, rendered);
        }
        ItemEnd end = returned == null ? new ItemEnd.Done(Output.NONE) : encoder.encode(returned);
        return switch (end) {
            case ItemEnd.Failed(Failure failure) -> new AttemptEnd.Failed(failure);
            case ItemEnd.Done(Output.Value(Payload payload, _))
                    when LambdaAnswer.isOne(payload, invocation.window().isPresent()) ->
                    answered(given, rendered.answers().apply(payload.text()), state);
            case ItemEnd.Done _, ItemEnd.Filtered _ ->
                    new AttemptEnd.Completed(allDone(Math.max(1, given.size()), end), state);
        };
    }

    private AttemptEnd ofBatch(BatchResult<?> result, List<Event> given, Rendered rendered) {
        if (result.response().isEmpty()) {
            return new AttemptEnd.Failed(
                    new Failure(
                            Failure.Kind.FUNCTION_ERROR,
                            "BatchResultMisfit",
                            "the handler takes one document for a batch and returned a result for"
                                    + " each event; return a result of the whole, or"
                                    + " BatchResult.ofResponse"));
        }
        try {
            Optional<String> state = states.written(result.state());
            return answered(given, rendered.answers().apply(result.response().get()), state);
        } catch (JsonProcessingException unfit) {
            return new AttemptEnd.Failed(Failures.of(unfit));
        }
    }

    /** A window that is closed has one end and no event that could be named. */
    private static AttemptEnd answered(
            List<Event> given, AttemptEnd meant, Optional<String> state) {
        return meant instanceof AttemptEnd.Completed(List<ItemEnd> items, Optional<String> told)
                ? new AttemptEnd.Completed(
                        given.isEmpty() ? List.of(new ItemEnd.Done(Output.NONE)) : items,
                        state.isPresent() ? state : told)
                : meant;
    }

    private static List<ItemEnd> allDone(int count, ItemEnd last) {
        List<ItemEnd> ends =
                new ArrayList<>(Collections.nCopies(count - 1, new ItemEnd.Done(Output.NONE)));
        ends.add(last);
        return ends;
    }

    /**
     * Puts the ends of the events that had no place between those of the others. What failed as a
     * whole failed for the others only: an event that was left over has not been tried.
     */
    private static AttemptEnd merged(Rendered rendered, AttemptEnd end) {
        if (rendered.faults().stream().allMatch(Optional::isEmpty)) {
            return end;
        }
        List<ItemEnd> all = new ArrayList<>(rendered.faults().size());
        int next = 0;
        for (Optional<Failure> fault : rendered.faults()) {
            if (fault.isPresent()) {
                all.add(new ItemEnd.Failed(fault.get()));
            } else {
                all.add(endOf(end, next++));
            }
        }
        return new AttemptEnd.Completed(all, stateOf(end));
    }

    private static ItemEnd endOf(AttemptEnd end, int index) {
        return switch (end) {
            case AttemptEnd.Completed(List<ItemEnd> items, _) -> items.get(index);
            case AttemptEnd.Failed(Failure failure) -> new ItemEnd.Failed(failure);
        };
    }

    private static Optional<String> stateOf(AttemptEnd end) {
        return end instanceof AttemptEnd.Completed(_, Optional<String> state)
                ? state
                : Optional.empty();
    }
}
