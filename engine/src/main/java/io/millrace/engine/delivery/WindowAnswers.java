package io.millrace.engine.delivery;

import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.WindowInput;
import io.millrace.engine.outcome.WindowState;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is wrong with the answer of a handler to a batch of a tumbling window. Pure. */
final class WindowAnswers {
    private static final ItemEnd BEHIND =
            new ItemEnd.Failed(
                    new Failure(
                            Failure.Kind.UNAVAILABLE,
                            "BehindCheckpoint",
                            "an earlier event of the same batch failed, and the state ends there"));

    private WindowAnswers() {}

    /**
     * What the state holds of a batch that failed in part, where a failed event is a checkpoint:
     * everything before it. What succeeded behind it is handled again, or it would be in no state.
     */
    static List<ItemEnd> upToCheckpoint(List<ItemEnd> items) {
        var ends = new ArrayList<ItemEnd>(items.size());
        boolean behind = false;
        for (ItemEnd item : items) {
            ends.add(behind && item instanceof ItemEnd.Done ? BEHIND : item);
            // The handler does not know of an event that could not be read.
            behind |=
                    item instanceof ItemEnd.Failed(Failure failure)
                            && failure.kind() != Failure.Kind.UNDECODABLE;
        }
        return ends;
    }

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
