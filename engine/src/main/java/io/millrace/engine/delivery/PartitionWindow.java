package io.millrace.engine.delivery;

import io.millrace.engine.lane.Progress;
import io.millrace.engine.model.BatchRange;
import io.millrace.engine.model.WindowInput;

import java.time.Instant;
import java.util.Optional;

/**
 * How far the tumbling windows of one partition have come; what outlives a crash of them.
 *
 * @param floor no window begins before this: it is closed. In milliseconds since 1970
 * @param open the window that has a state; none while nothing has entered one
 */
public record PartitionWindow(long floor, Optional<Open> open) {
    /** Nothing has come yet. */
    public static final PartitionWindow NONE =
            new PartitionWindow(Long.MIN_VALUE, Optional.empty());

    /**
     * A window that something has entered.
     *
     * @param start its first moment, in milliseconds since 1970
     * @param end the first one behind it
     * @param state an object of JSON
     * @param contents what has entered the state
     * @param lineage of these events, as a header has it; empty for none
     * @param closing how far its final invocation has come, once it is closed
     */
    public record Open(
            long start,
            long end,
            String state,
            BatchRange contents,
            String lineage,
            Optional<Closing> closing) {
        Open closing(Closing how) {
            return new Open(start, end, state, contents, lineage, Optional.of(how));
        }

        /** What its next batch is told. */
        WindowInput input() {
            return new WindowInput(
                    Instant.ofEpochMilli(start),
                    Instant.ofEpochMilli(end),
                    state,
                    closing.map(how -> new WindowInput.Closing(how.early(), contents)));
        }
    }

    /**
     * How far a final invocation has come.
     *
     * @param early whether the state became too large
     * @param since when the window was closed, in milliseconds since 1970: its age counts from then
     * @param dueAt when it is tried again, in milliseconds since 1970
     */
    public record Closing(boolean early, long since, Progress progress, long dueAt) {}

    PartitionWindow with(Open window) {
        return new PartitionWindow(floor, Optional.of(window));
    }

    /** The open window is closed and done with: it is never opened again, unless it ended early. */
    PartitionWindow settled() {
        Open done = open.orElseThrow();
        boolean early = done.closing().isPresent() && done.closing().get().early();
        return new PartitionWindow(early ? done.start() : done.end(), Optional.empty());
    }
}
