package io.millrace.engine.delivery;

import io.millrace.engine.lane.Lane;
import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.RequestId;

import java.time.Duration;
import java.time.Instant;

/**
 * What came of one attempt, on its way from the pool to the stream thread.
 *
 * @param handled events the handler was called with; 0 when it was not called, and then nothing is
 *     metered
 */
public record AttemptReport(
        Lane lane,
        Lane.Work work,
        AttemptEnd end,
        int handled,
        RequestId requestId,
        FunctionSpec function,
        Span span) {
    /** When the attempt started and how long it took. */
    public record Span(Instant startedAt, Duration duration) {
        public Instant endedAt() {
            return startedAt.plus(duration);
        }
    }

    /** Whether every event of the attempt succeeded. */
    public boolean isClean() {
        return end instanceof AttemptEnd.Completed completed && completed.isClean();
    }
}
