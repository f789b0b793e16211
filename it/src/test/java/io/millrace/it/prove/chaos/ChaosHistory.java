package io.millrace.it.prove.chaos;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything that was seen of a run: what was sent, what lies in the topics at its end, what the
 * handlers noted themselves, and what was done to the processes. Positions are
 * topic-partition-offset; nanoseconds are of one monotonic clock.
 */
record ChaosHistory(
        List<Sent> sent,
        List<SourceRecord> source,
        Topics topics,
        Handlers handlers,
        List<Fault> faults,
        List<Sample> samples,
        Rest rest) {
    ChaosHistory {
        sent = List.copyOf(sent);
        source = List.copyOf(source);
        faults = List.copyOf(faults);
        samples = List.copyOf(samples);
    }

    /**
     * An event the generator handed to its producer.
     *
     * @param position where the broker says it is; empty when it never answered
     */
    record Sent(String id, Kind kind, String position) {
        boolean isAcknowledged() {
            return !position.isEmpty();
        }
    }

    /** Bytes, in a form that may be compared and kept: digests but for the key. */
    record Content(String key, String value, List<String> headers) {
        Content {
            headers = List.copyOf(headers);
        }
    }

    /** A committed record of a source topic, in the order of its partition. */
    record SourceRecord(String position, String id, Content content) {}

    /**
     * What lies in the engine's topics, as a reader of committed records sees it.
     *
     * @param parked events that lay in a parking store at some time: finished for the offsets, not
     *     for the handler
     */
    record Topics(
            List<Outcome> outcomes,
            List<Attempt> attempts,
            Map<String, String> seenLive,
            Set<String> parked) {
        Topics {
            outcomes = List.copyOf(outcomes);
            attempts = List.copyOf(attempts);
            seenLive = Map.copyOf(seenLive);
            parked = Set.copyOf(parked);
        }
    }

    /**
     * A result or a dead letter, in the order of its partition.
     *
     * @param position of this record
     * @param source of the event it says it comes from
     * @param condition empty for a result
     * @param text of a result
     */
    record Outcome(
            String position,
            String source,
            int attempt,
            String condition,
            String text,
            Content content) {
        boolean isResult() {
            return condition.isEmpty();
        }

        String partition() {
            return position.substring(0, position.lastIndexOf('-'));
        }
    }

    /** An entry of the metering topic, in the order in which they were committed. */
    record Attempt(String source, String requestId, int number, String outcome, Duration duration) {
        /** What is billed for. */
        record Duration(long nanos, long billedMillis) {}
    }

    /**
     * What the handlers noted.
     *
     * @param births when each process started, by its id
     * @param open runs of processes alive at the end that have not come to theirs
     */
    record Handlers(List<Run> runs, Map<Long, Long> births, int open) {
        Handlers {
            runs = List.copyOf(runs);
            births = Map.copyOf(births);
        }
    }

    /**
     * One run of the handler.
     *
     * @param end 0 when it never came
     * @param word how it ended: ok, failed or interrupted
     */
    record Run(String id, int attempt, long pid, long start, long end, String word) {}

    /**
     * Something that was done to a process.
     *
     * @param inFlight handlers running at that moment in the processes it hit
     * @param backlog events acknowledged and not yet decided
     * @param recovery from then to the first new committed outcome of what was hit; negative when
     *     there was nothing to come
     */
    record Fault(
            String kind, String target, int inFlight, long backlog, double recovery, double goal) {
        boolean counts() {
            return inFlight > 0 && backlog > 0;
        }
    }

    /** A committed offset at some moment. */
    record Sample(long nanos, String partition, long offset, String metadata) {}

    /** What is left when everything has come to rest. */
    record Rest(List<End> ends, int parked, Probes probes, List<String> exits) {
        Rest {
            ends = List.copyOf(ends);
            exits = List.copyOf(exits);
        }
    }

    /**
     * The end of a partition.
     *
     * @param stable last stable offset
     * @param committed by the trigger's group; negative for a partition that no trigger reads
     */
    record End(String partition, long end, long stable, long committed, String metadata) {}

    /** Events sent after the last fault. */
    record Probes(int sent, int succeeded, double seconds) {}
}
