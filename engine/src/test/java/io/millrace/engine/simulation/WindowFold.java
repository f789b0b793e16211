package io.millrace.engine.simulation;

import io.millrace.engine.lane.Work;
import io.millrace.engine.model.BatchPolicy.PartialAnswer;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.Samples;
import io.millrace.engine.model.WindowInput;
import io.millrace.engine.model.WindowPolicy;

import java.util.ArrayList;
import java.util.List;

/**
 * A handler that gathers the offsets of its window in the state, as the SDK tells it to: all that
 * succeeded, or all before the first that failed.
 */
final class WindowFold {
    private static final ItemEnd BEHIND =
            new ItemEnd.Failed(Samples.failure(Failure.Kind.UNAVAILABLE));

    private final List<ItemEnd> items = new ArrayList<>();
    private final StringBuilder state = new StringBuilder();

    WindowFold(Plan plan, Work work, List<ItemEnd> ends) {
        String before = work.window().orElseThrow().state();
        state.append(before.equals(WindowInput.NO_STATE) ? "" : before);
        boolean behind = false;
        for (int i = 0; i < ends.size(); i++) {
            ItemEnd end = ends.get(i);
            boolean done = end instanceof ItemEnd.Done;
            items.add(behind && done ? BEHIND : end);
            if (done && !behind) {
                state.append(state.isEmpty() ? "" : ",").append(work.events().get(i).offset());
            }
            behind |=
                    plan.batch().answer() == PartialAnswer.CHECKPOINT
                            && end instanceof ItemEnd.Failed;
        }
    }

    /** The ends as the engine takes them: nothing is settled that is not in the state. */
    List<ItemEnd> items() {
        return items;
    }

    String state(boolean tooLarge) {
        return tooLarge ? state + " ".repeat(WindowPolicy.MAX_STATE_BYTES) : state.toString();
    }
}
