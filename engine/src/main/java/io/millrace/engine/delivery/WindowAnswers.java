package io.millrace.engine.delivery;

import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.WindowInput;
import io.millrace.engine.outcome.WindowState;

import java.util.Optional;

/** What is wrong with the answer of a handler to a batch of a tumbling window. Pure. */
final class WindowAnswers {
    private WindowAnswers() {}

    /**
     * The failure of the whole batch, if there is one: where something succeeded there has to be a
     * state, or it would be lost (WIN-3), and the final invocation has to be able to take it.
     */
    static Optional<Failure> faultOf(WindowInput window, AttemptEnd.Completed answer) {
        if (window.isFinal() || answer.items().stream().noneMatch(ItemEnd.Done.class::isInstance)) {
            return Optional.empty();
        }
        return answer.state()
                .map(state -> WindowState.faultOf(state, BatchPolicy.MAX_PAYLOAD_BYTES))
                .orElse(
                        Optional.of(
                                "the answer has no state; it is needed for every batch of a"
                                        + " tumbling window but the final one"))
                .map(reason ->
                        new Failure(Failure.Kind.FUNCTION_ERROR, "InvalidWindowState", reason));
    }
}
