package io.millrace.engine.metrics;

import java.util.List;
import java.util.stream.Stream;

/**
 * A metric by its name; names are part of the public contract.
 *
 * @param scope whose it is
 * @param kind whether it only rises
 * @param description for the documentation and for Prometheus
 */
public record Metric(Scope scope, String name, Kind kind, String description) {
    /** Whose a metric is; also the group of its MBean. */
    public enum Scope {
        NODE("node-metrics", "millrace_node_"),
        TRIGGER("trigger-metrics", "millrace_trigger_"),
        PARTITION("partition-metrics", "millrace_partition_");

        private final String group;
        private final String prefix;

        Scope(String group, String prefix) {
            this.group = group;
            this.prefix = prefix;
        }

        public String group() {
            return group;
        }
    }

    /** Whether a metric only rises. */
    public enum Kind {
        GAUGE,
        COUNTER
    }

    public static final Metric CALLS_RUNNING =
            node("calls-running", Kind.GAUGE, "Calls of handlers that run on the node.");
    public static final Metric TRIGGERS =
            node("triggers", Kind.GAUGE, "Triggers the node knows, running or not.");
    public static final Metric TRIGGERS_RUNNING =
            node("triggers-running", Kind.GAUGE, "Triggers of these that run.");
    public static final Metric RESTARTS =
            node("restarts", Kind.COUNTER, "Times a trigger failed and was tried again.");

    public static final Metric PERMITS =
            trigger("permits", Kind.GAUGE, "Calls the node may run at a time at present.");
    public static final Metric RUNNING = trigger("running", Kind.GAUGE, "Permits in use.");
    public static final Metric LANES_WAITING =
            trigger("lanes-waiting", Kind.GAUGE, "Lanes that are ready and wait for a permit.");
    public static final Metric RATE_LIMITED =
            trigger("rate-limited", Kind.GAUGE, "1 while the rate keeps lanes waiting.");
    public static final Metric RATE_WAITS =
            trigger(
                    "rate-waits",
                    Kind.COUNTER,
                    "Lanes that became ready and found the rate used up.");
    public static final Metric BREAKER_OPEN =
            trigger("breaker-open", Kind.GAUGE, "1 while the circuit breaker is open.");
    public static final Metric PARTITIONS =
            trigger("partitions", Kind.GAUGE, "Partitions the node owns.");
    public static final Metric PARTITIONS_PAUSED =
            trigger("partitions-paused", Kind.GAUGE, "Partitions that back-pressure has paused.");
    public static final Metric SUCCEEDED =
            trigger("events-succeeded", Kind.COUNTER, "Events that were handled.");
    public static final Metric DEAD_LETTERS =
            trigger("events-failed", Kind.COUNTER, "Events that became dead letters.");
    public static final Metric FILTERED =
            trigger("events-filtered", Kind.COUNTER, "Events that no filter matched.");
    public static final Metric REPEATS =
            trigger("events-repeated", Kind.COUNTER, "Events that were dropped as repeats.");
    public static final Metric ATTEMPTS_SUCCEEDED =
            trigger("attempts-succeeded", Kind.COUNTER, "Calls in which no event failed.");
    public static final Metric ATTEMPTS_FAILED =
            trigger("attempts-failed", Kind.COUNTER, "Calls in which an event failed.");
    public static final Metric ATTEMPTS_TIMED_OUT =
            trigger("attempts-timed-out", Kind.COUNTER, "Calls that took too long.");
    public static final Metric RETRIES =
            trigger("retries", Kind.COUNTER, "Attempts after which events are tried again.");
    public static final Metric COMMITS =
            trigger("commits", Kind.COUNTER, "Commits that had something to write.");
    public static final Metric COMMIT_MICROS =
            trigger(
                    "commit-duration-us",
                    Kind.GAUGE,
                    "Duration of a commit in microseconds, a moving average.");

    public static final Metric EVENTS =
            partition("events", Kind.GAUGE, "Events that are read and not finished.");
    public static final Metric BYTES = partition("bytes", Kind.GAUGE, "Bytes of these.");
    public static final Metric OUTCOMES_WAITING =
            partition(
                    "outcomes-waiting",
                    Kind.GAUGE,
                    "Ends of attempts that wait for the stream thread.");
    public static final Metric TIMERS =
            partition(
                    "timers", Kind.GAUGE, "Retries and batching windows that wait for their time.");
    public static final Metric PARKED_EVENTS =
            partition("parked-events", Kind.GAUGE, "Events that are parked.");
    public static final Metric PARKED_BYTES =
            partition("parked-bytes", Kind.GAUGE, "Bytes of these.");
    public static final Metric PAUSED =
            partition("paused", Kind.GAUGE, "1 while back-pressure has paused the partition.");
    public static final Metric METADATA =
            partition(
                    "offset-metadata-chars",
                    Kind.GAUGE,
                    "Characters of the last commit's offset metadata; brokers take 4096.");
    public static final Metric HEADROOM =
            partition(
                    "dispatch-headroom",
                    Kind.GAUGE,
                    "Offsets that may still be read before events have to wait for the oldest"
                            + " unfinished one; negative while some do.");

    /** All of them, in the order of the documentation. */
    public static final List<Metric> ALL =
            List.of(
                    CALLS_RUNNING,
                    TRIGGERS,
                    TRIGGERS_RUNNING,
                    RESTARTS,
                    PERMITS,
                    RUNNING,
                    LANES_WAITING,
                    RATE_LIMITED,
                    RATE_WAITS,
                    BREAKER_OPEN,
                    PARTITIONS,
                    PARTITIONS_PAUSED,
                    SUCCEEDED,
                    DEAD_LETTERS,
                    FILTERED,
                    REPEATS,
                    ATTEMPTS_SUCCEEDED,
                    ATTEMPTS_FAILED,
                    ATTEMPTS_TIMED_OUT,
                    RETRIES,
                    COMMITS,
                    COMMIT_MICROS,
                    EVENTS,
                    BYTES,
                    OUTCOMES_WAITING,
                    TIMERS,
                    PARKED_EVENTS,
                    PARKED_BYTES,
                    PAUSED,
                    METADATA,
                    HEADROOM);

    private static Metric node(String name, Kind kind, String description) {
        return new Metric(Scope.NODE, name, kind, description);
    }

    private static Metric trigger(String name, Kind kind, String description) {
        return new Metric(Scope.TRIGGER, name, kind, description);
    }

    private static Metric partition(String name, Kind kind, String description) {
        return new Metric(Scope.PARTITION, name, kind, description);
    }

    /** Its name for Prometheus. */
    public String prometheusName() {
        String total = kind == Kind.COUNTER ? "_total" : "";
        return scope.prefix + name.replace('-', '_') + total;
    }

    /** All metrics of a scope. */
    public static Stream<Metric> of(Scope scope) {
        return ALL.stream().filter(metric -> metric.scope() == scope);
    }
}
