package io.millrace.engine.model;

import java.time.Duration;
import java.util.Optional;

/**
 * How events are gathered for one invocation.
 *
 * @param maxEvents 1 to 10,000
 * @param window how long a lane gathers events before a batch that is not full is handed out; zero
 *     takes what is there (ESM-2, DEF-1)
 * @param answer what a partial answer of the handler means for the events it does not name
 * @param tumbling the windows that batches must not reach across, if there are any (WIN-1)
 */
public record BatchPolicy(
        int maxEvents, Duration window, PartialAnswer answer, Optional<WindowPolicy> tumbling) {
    /** Lambda's bound on the payload of one invocation, in bytes (DEF-2). */
    public static final int MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

    public static final int MAX_EVENTS = 10_000;
    public static final Duration MAX_WINDOW = Duration.ofMinutes(5);
    public static final BatchPolicy SINGLE = of(1);

    /** Which events of a batch are tried again when some of them failed. */
    public enum PartialAnswer {
        /** The first that failed and all behind it, with a fresh count of attempts (STR-7). */
        CHECKPOINT,
        /** Those that failed and no others, each with its own count (SQS-6, DEF-16). */
        ITEMS
    }

    public BatchPolicy {
        if (maxEvents < 1 || maxEvents > MAX_EVENTS) {
            throw MillraceException.invalid("batch size", "" + maxEvents, "1 to " + MAX_EVENTS);
        }
        if (window.isNegative() || window.compareTo(MAX_WINDOW) > 0) {
            throw MillraceException.invalid("batching window", "" + window, "0 s to 300 s");
        }
    }

    /** Batches of at most so many events, handed out as soon as there is one. */
    public static BatchPolicy of(int maxEvents) {
        return new BatchPolicy(
                maxEvents, Duration.ZERO, PartialAnswer.CHECKPOINT, Optional.empty());
    }

    public BatchPolicy withWindow(Duration gathering) {
        return new BatchPolicy(maxEvents, gathering, answer, tumbling);
    }

    public BatchPolicy withAnswer(PartialAnswer meaning) {
        return new BatchPolicy(maxEvents, window, meaning, tumbling);
    }

    /** Gathered in tumbling windows; only where the order of the partition is kept (DEF-11). */
    public BatchPolicy withTumbling(WindowPolicy windows) {
        return new BatchPolicy(maxEvents, window, answer, Optional.of(windows));
    }
}
