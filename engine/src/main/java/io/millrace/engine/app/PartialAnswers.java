package io.millrace.engine.app;

import io.millrace.engine.execute.BatchAnswers;
import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.BatchPolicy.PartialAnswer;
import io.millrace.engine.model.Event;
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
import java.util.Set;

/**
 * Reads {@code batchItemFailures} in the form that suits the trigger: with checkpoints that of a
 * stream, with items that of Kafka where order is kept and that of a queue where it is not.
 */
final class PartialAnswers {
    private PartialAnswers() {}

    static BatchAnswers of(Trigger trigger) {
        Form form = form(trigger);
        return trigger.batch().tumbling().isEmpty()
                ? (json, events) -> read(json, form, events)
                : (json, events) -> withState(json, read(json, form, events));
    }

    private static AttemptEnd withState(String json, AttemptEnd end) {
        return end instanceof AttemptEnd.Completed completed
                ? new AttemptEnd.Completed(completed.items(), WindowState.ofAnswer(json))
                : end;
    }

    private static Form form(Trigger trigger) {
        if (trigger.batch().answer() == PartialAnswer.CHECKPOINT) {
            return Form.STREAM;
        }
        return trigger.lanes().isOrdered() ? Form.KAFKA : Form.QUEUE;
    }

    private static AttemptEnd read(String json, Form form, List<Event> events) {
        List<EventPosition> batch = events.stream().map(event -> event.raw().position()).toList();
        return switch (BatchItemFailures.parse(json, form, batch)) {
            case Result.AllSucceeded _ -> ends(events.size(), Set.of());
            case Result.Failed(var indexes) -> ends(events.size(), indexes);
            case Result.WholeBatchFailed(String reason) ->
                    new AttemptEnd.Failed(
                            new Failure(
                                    Failure.Kind.FUNCTION_ERROR, FailureMapper.REPORTED, reason));
        };
    }

    private static AttemptEnd ends(int count, Set<Integer> failed) {
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
        return new AttemptEnd.Completed(ends);
    }
}
