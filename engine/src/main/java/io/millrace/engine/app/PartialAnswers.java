package io.millrace.engine.app;

import io.millrace.engine.execute.BatchAnswers;
import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.BatchPolicy.PartialAnswer;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.Output;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.outcome.BatchItemFailures;
import io.millrace.engine.outcome.BatchItemFailures.Form;
import io.millrace.engine.outcome.BatchItemFailures.Result;
import io.millrace.engine.outcome.WindowState;
import io.millrace.engine.sink.FailureMapper;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads {@code batchItemFailures} in the form that suits the trigger: with checkpoints that of a
 * stream, with items that of Kafka where order is kept and that of a queue where it is not.
 */
final class PartialAnswers {
    private PartialAnswers() {}

    static BatchAnswers of(Trigger trigger) {
        Form form = form(trigger);
        boolean hasWindows = trigger.batch().tumbling().isPresent();
        return (json, events) -> {
            List<EventPosition> batch =
                    events.stream().map(event -> event.raw().position()).toList();
            return read(
                    json, BatchItemFailures.parse(json, form, batch), events.size(), hasWindows);
        };
    }

    /** Reads an answer to a document, in which the events are named in a way of their own. */
    static AttemptEnd read(String json, BatchItemFailures.Naming naming, boolean hasWindows) {
        return read(json, BatchItemFailures.parse(json, naming), naming.names().size(), hasWindows);
    }

    private static Form form(Trigger trigger) {
        if (trigger.batch().answer() == PartialAnswer.CHECKPOINT) {
            return Form.STREAM;
        }
        return trigger.lanes().isOrdered() ? Form.KAFKA : Form.QUEUE;
    }

    private static AttemptEnd read(String json, Result result, int events, boolean hasWindows) {
        Optional<String> state = hasWindows ? WindowState.ofAnswer(json) : Optional.empty();
        return switch (result) {
            case Result.AllSucceeded _ -> ends(events, Set.of(), state);
            case Result.Failed(var indexes) -> ends(events, indexes, state);
            case Result.WholeBatchFailed(String reason) ->
                    new AttemptEnd.Failed(
                            new Failure(
                                    Failure.Kind.FUNCTION_ERROR, FailureMapper.REPORTED, reason));
        };
    }

    private static AttemptEnd ends(int count, Set<Integer> failed, Optional<String> state) {
        var failure =
                new ItemEnd.Failed(
                        new Failure(
                                Failure.Kind.FUNCTION_ERROR,
                                FailureMapper.REPORTED,
                                "the handler reported that this event failed"));
        var ends = new ArrayList<ItemEnd>(count);
        for (int i = 0; i < count; i++) {
            ends.add(failed.contains(i) ? failure : new ItemEnd.Done(Output.NONE));
        }
        return new AttemptEnd.Completed(ends, state);
    }
}
