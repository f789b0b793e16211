package io.millrace.engine.operations;

import io.millrace.engine.model.TriggerId;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a seek does.
 *
 * @param moves by partition, those included that stay where they are
 */
public record SeekPlan(TriggerId trigger, String topic, List<Move> moves) {
    public SeekPlan {
        moves = List.copyOf(moves);
    }

    /**
     * One partition.
     *
     * @param from the lowest offset that is not finished; empty when nothing is known of it
     * @param to where it goes on
     */
    public record Move(int partition, OptionalLong from, long to) {
        /** Offsets passed over; some of them may be finished, or no events. */
        public long skipped() {
            return from.isPresent() ? Math.max(0, to - from.getAsLong()) : 0;
        }

        /** Offsets that are read again. */
        public long repeated() {
            return from.isPresent() ? Math.max(0, from.getAsLong() - to) : 0;
        }
    }

    public long skipped() {
        return moves.stream().mapToLong(Move::skipped).sum();
    }

    public long repeated() {
        return moves.stream().mapToLong(Move::repeated).sum();
    }
}
