package io.millrace.engine.delivery;

import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.Work;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.RequestId;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What came of one attempt, on its way from the pool to the stream thread.
 *
 * @param ends one per event of the work, in its order
 * @param whole why the attempt failed as a whole, if it did; then it is also the end of each event
 *     the handler was given
 * @param handled events the handler was called with; 0 when it was not called, and then nothing is
 *     metered
 * @param state what the handler answered as the state of the tumbling window, if it did
 */
public record AttemptReport(
        Lane lane,
        Work work,
        List<ItemEnd> ends,
        Optional<Failure> whole,
        int handled,
        RequestId requestId,
        FunctionSpec function,
        Span span,
        Optional<String> state) {
    /** When the attempt started and how long it took. */
    public record Span(Instant startedAt, Duration duration) {
        public Instant endedAt() {
            return startedAt.plus(duration);
        }
    }

    AttemptReport withState(Optional<String> answered) {
        return new AttemptReport(
                lane, work, ends, whole, handled, requestId, function, span, answered);
    }

    /** Whether the lane rests until the stream thread has decided about this report. */
    public boolean rests() {
        return !isClean() || (lane.isOrdered() && work.parked()) || work.window().isPresent();
    }

    /** The last failure that counts, for people; empty if there is none. */
    String countedFailure() {
        String failure = "";
        for (ItemEnd end : ends) {
            if (end instanceof ItemEnd.Failed(Failure failed) && failed.kind().counts()) {
                failure = failed.type() + ": " + failed.message();
            }
        }
        return failure;
    }

    /** Whether no event of the attempt failed. */
    public boolean isClean() {
        for (ItemEnd end : ends) {
            if (end instanceof ItemEnd.Failed) {
                return false;
            }
        }
        return true;
    }
}
