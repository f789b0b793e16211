package io.millrace.engine.app;

import io.millrace.engine.execute.Dispatcher;
import io.millrace.engine.execute.RateLimit;
import io.millrace.engine.metrics.Metric;
import io.millrace.engine.metrics.NodeMetrics;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.outcome.CircuitBreaker;
import io.millrace.engine.topology.DeliveryGauges;
import io.millrace.engine.topology.PartitionGauges;
import io.millrace.engine.topology.PartitionListener;

import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * Shows the figures of one trigger's application among the metrics of the node.
 *
 * <p>Threading: any thread.
 */
final class TriggerMetrics implements PartitionListener {
    private final NodeMetrics metrics;
    private final String trigger;

    TriggerMetrics(NodeMetrics metrics, TriggerId trigger) {
        this.metrics = metrics;
        this.trigger = trigger.value();
    }

    /** What all partitions share. */
    void began(
            DeliveryGauges gauges, Dispatcher dispatcher, RateLimit rate, CircuitBreaker breaker) {
        of(dispatcher, Metric.PERMITS, Dispatcher::permits);
        of(dispatcher, Metric.RUNNING, Dispatcher::running);
        of(dispatcher, Metric.LANES_WAITING, Dispatcher::waiting);
        of(dispatcher, Metric.RATE_WAITS, Dispatcher::rateWaits);
        of(rate, Metric.RATE_LIMITED, it -> it.isOpen() ? 0 : 1);
        of(breaker, Metric.BREAKER_OPEN, it -> it.isOpen() ? 1 : 0);
        of(gauges, Metric.PARTITIONS, DeliveryGauges::partitions);
        of(gauges, Metric.PARTITIONS_PAUSED, DeliveryGauges::pausedPartitions);
        of(gauges, Metric.SUCCEEDED, DeliveryGauges::succeeded);
        of(gauges, Metric.DEAD_LETTERS, DeliveryGauges::deadLetters);
        of(gauges, Metric.FILTERED, DeliveryGauges::filtered);
        of(gauges, Metric.REPEATS, DeliveryGauges::repeats);
        of(gauges, Metric.ATTEMPTS_SUCCEEDED, DeliveryGauges::attemptsSucceeded);
        of(gauges, Metric.ATTEMPTS_FAILED, DeliveryGauges::attemptsFailed);
        of(gauges, Metric.ATTEMPTS_TIMED_OUT, DeliveryGauges::attemptsTimedOut);
        of(gauges, Metric.RETRIES, DeliveryGauges::retries);
        of(gauges, Metric.COMMITS, DeliveryGauges::commits);
        of(
                gauges,
                Metric.COMMIT_MICROS,
                it -> TimeUnit.NANOSECONDS.toMicros(it.commitDuration().toNanos()));
    }

    private <T> void of(T source, Metric metric, ToLongFunction<T> value) {
        metrics.show(metric, () -> value.applyAsLong(source), "trigger", trigger);
    }

    @Override
    public void opened(PartitionGauges partition) {
        figure(partition, Metric.EVENTS, figures -> figures.events());
        figure(partition, Metric.BYTES, figures -> figures.bytes());
        figure(partition, Metric.TIMERS, figures -> figures.timers());
        figure(partition, Metric.PARKED_EVENTS, figures -> figures.parkedEvents());
        figure(partition, Metric.PARKED_BYTES, figures -> figures.parkedBytes());
        figure(partition, Metric.PAUSED, figures -> figures.paused() ? 1 : 0);
        figure(partition, Metric.METADATA, figures -> figures.metadata());
        figure(partition, Metric.HEADROOM, figures -> figures.headroom());
        metrics.show(Metric.OUTCOMES_WAITING, partition::outcomesWaiting, tags(partition));
    }

    private void figure(
            PartitionGauges partition,
            Metric metric,
            ToLongFunction<PartitionGauges.Figures> value) {
        metrics.show(metric, () -> value.applyAsLong(partition.figures()), tags(partition));
    }

    private String[] tags(PartitionGauges partition) {
        return new String[] {
            "trigger", trigger, "partition", Integer.toString(partition.partition().partition())
        };
    }

    @Override
    public void closed(PartitionGauges partition) {
        metrics.hide(Metric.Scope.PARTITION, tags(partition));
    }

    /** The application has stopped. */
    void ended() {
        metrics.hide(Metric.Scope.TRIGGER, "trigger", trigger);
    }
}
