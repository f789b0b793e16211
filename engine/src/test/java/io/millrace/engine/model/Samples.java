package io.millrace.engine.model;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Ordinary values for tests in which only one thing is out of the ordinary. */
public final class Samples {
    public static final PartitionId PARTITION = new PartitionId("orders", 3);
    public static final FunctionSpec FUNCTION =
            new FunctionSpec(
                    new FunctionName("resize"),
                    "7",
                    "example.Resize",
                    "00ff",
                    Duration.ofSeconds(10),
                    128,
                    Map.of());
    public static final Failure FAILURE =
            new Failure(Failure.Kind.FUNCTION_ERROR, "java.lang.IllegalStateException", "no luck");

    private Samples() {}

    public static Failure failure(Failure.Kind kind) {
        return new Failure(kind, kind.toString(), "of kind " + kind);
    }

    public static Trigger trigger(int lanes, int batch, RetryPolicy retry) {
        return trigger(LanePolicy.byKey(lanes), BatchPolicy.of(batch), retry);
    }

    public static Trigger trigger(LanePolicy lanes, BatchPolicy batch, RetryPolicy retry) {
        return new Trigger(
                new TriggerId("orders-resize"),
                PARTITION.topic(),
                FUNCTION.name(),
                FUNCTION.version(),
                Intake.from(StartingPosition.EARLIEST, ValueFormat.BYTES),
                lanes,
                batch,
                retry,
                LoadPolicy.of(4),
                Destinations.of("results", "dead"),
                Guarantee.EXACTLY_ONCE,
                Activity.ENABLED);
    }

    public static RawEvent event(long offset, String key) {
        return event(PARTITION, offset, key);
    }

    public static RawEvent event(PartitionId partition, long offset, String key) {
        return new RawEvent(
                new EventPosition(partition, offset),
                Payload.of(key),
                Payload.of("value " + offset),
                List.of(),
                1_000);
    }

    public static Output output(String text) {
        return new Output.Value(Payload.of(text), "text/plain");
    }
}
