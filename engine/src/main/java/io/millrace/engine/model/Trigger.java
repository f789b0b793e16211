package io.millrace.engine.model;

/**
 * A source topic joined to a function: one Kafka Streams application.
 *
 * @param version which version of the function runs, {@code $LATEST} or a number
 * @param lanes lanes per partition: 1 keeps the order of the partition, more keep the order per key
 *     and run that many batches of a partition at the same time (STR-3)
 * @param maxConcurrency invocations of this trigger running at the same time on one node
 * @param enabled whether it should run
 */
public record Trigger(
        TriggerId id,
        String sourceTopic,
        FunctionName function,
        String version,
        int lanes,
        int maxConcurrency,
        BatchPolicy batch,
        RetryPolicy retry,
        Destinations destinations,
        ValueFormat format,
        StartingPosition startingPosition,
        boolean enabled) {}
