package io.millrace.engine.operations;

import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.Trigger;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Decides about letters and counts what was decided. One thread. */
final class RedriveCount {
    private final Trigger trigger;
    private final RedriveRequest request;
    private final Map<String, Integer> partitionsOf = new HashMap<>();
    private final SourceOffsets offsets;
    private final Map<String, Long> byReason = new HashMap<>();
    private long redriven;
    private long others;
    private long refused;
    private long incomplete;

    RedriveCount(Trigger trigger, RedriveRequest request, SourceOffsets offsets) {
        this.trigger = trigger;
        this.request = request;
        this.offsets = offsets;
    }

    /** What becomes of a letter. */
    enum Verdict {
        /** Another trigger's: no redrive of this one will ever ask for it. */
        FOREIGN,
        /** Not now. */
        LEFT,
        REDRIVE
    }

    Verdict judge(DeadLetter letter) {
        if (!letter.trigger().equals(trigger.id().value())) {
            return Verdict.FOREIGN;
        }
        if (!request.filter().matches(letter)) {
            others++;
            return Verdict.LEFT;
        }
        if (!letter.isComplete() || letter.source().filter(this::exists).isEmpty()) {
            incomplete++;
            return Verdict.LEFT;
        }
        if (letter.redrives() >= request.maxRedrives()) {
            refused++;
            return Verdict.LEFT;
        }
        redriven++;
        Long _ =
                byReason.merge(
                        (letter.condition() + " " + letter.errorType()).strip(), 1L, Long::sum);
        return Verdict.REDRIVE;
    }

    /** The partition the event came from, so that it keeps its neighbours; if it is still there. */
    OptionalInt targetPartition(DeadLetter letter) {
        Optional<PartitionId> source = letter.source().map(EventPosition::partition);
        return source.isPresent() && source.get().partition() < partitions(source.get().topic())
                ? OptionalInt.of(source.get().partition())
                : OptionalInt.empty();
    }

    String line() {
        return redriven + " redriven, " + others + " left out, " + refused + " refused";
    }

    RedriveReport report() {
        return new RedriveReport(redriven, others, refused, incomplete, byReason);
    }

    private boolean exists(EventPosition position) {
        return partitions(position.partition().topic()) > 0;
    }

    private int partitions(String topic) {
        return partitionsOf.computeIfAbsent(
                topic, name -> offsets.partitionsIfThere(name).map(List::size).orElse(0));
    }
}
