package io.millrace.engine.execute;

import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.Failure;

import java.util.List;

/**
 * Reads the answer of a handler that was written for Lambda and names the failed events of its
 * batch. How events are named depends on the trigger.
 *
 * <p>Threading: any pool thread; never throws.
 */
@FunctionalInterface
public interface BatchAnswers {
    /** Where no form is known, an answer fails its batch: what it reports must not get lost. */
    BatchAnswers NONE =
            (_, _) ->
                    new AttemptEnd.Failed(
                            new Failure(
                                    Failure.Kind.FUNCTION_ERROR,
                                    "BatchAnswerNotExpected",
                                    "the handler answered with batch item failures, which this"
                                            + " trigger does not take"));

    /**
     * What an answer means.
     *
     * @param json the answer as the handler gave it
     * @param events those the handler was given, in its order
     * @return one end per event, or the failure of all
     */
    AttemptEnd read(String json, List<Event> events);
}
