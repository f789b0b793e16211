package io.millrace.it.prove.core;

import io.millrace.engine.model.Activity;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.Destinations;
import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.Guarantee;
import io.millrace.engine.model.Intake;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.LoadPolicy;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.StartingPosition;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.model.ValueFormat;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * A trigger with its function, to be deployed. The id is also the function's name; topics are
 * {@code <id>-events}, {@code -results}, {@code -failed}.
 *
 * @param batched whether the function takes batches
 */
record Draft(
        Trigger trigger,
        int partitions,
        boolean batched,
        Duration timeout,
        Map<String, String> environment) {
    static Draft of(String id, int partitions) {
        Trigger trigger =
                new Trigger(
                        new TriggerId(id),
                        id + "-events",
                        new FunctionName(id),
                        FunctionSpec.LATEST,
                        Intake.from(StartingPosition.EARLIEST, ValueFormat.AUTO),
                        LanePolicy.byKey(LanePolicy.LANE_PER_KEY),
                        BatchPolicy.SINGLE,
                        RetryPolicy.of(3, Duration.ofMillis(20), Duration.ofMillis(100)),
                        LoadPolicy.of(50),
                        Destinations.of(id + "-results", id + "-failed"),
                        Guarantee.EXACTLY_ONCE,
                        Activity.ENABLED);
        return new Draft(trigger, partitions, false, Duration.ofSeconds(20), Map.of());
    }

    String id() {
        return trigger.id().value();
    }

    String topic() {
        return trigger.sourceTopic();
    }

    Draft with(RetryPolicy retry) {
        return with(trigger.lanes(), trigger.batch(), retry, trigger.load(), trigger.guarantee());
    }

    Draft with(LanePolicy lanes) {
        return with(lanes, trigger.batch(), trigger.retry(), trigger.load(), trigger.guarantee());
    }

    Draft with(LoadPolicy load) {
        return with(trigger.lanes(), trigger.batch(), trigger.retry(), load, trigger.guarantee());
    }

    Draft with(Guarantee guarantee) {
        return with(trigger.lanes(), trigger.batch(), trigger.retry(), trigger.load(), guarantee);
    }

    /** A function that takes batches. */
    Draft with(BatchPolicy batch) {
        Draft changed =
                with(trigger.lanes(), batch, trigger.retry(), trigger.load(), trigger.guarantee());
        return new Draft(changed.trigger, partitions, true, timeout, environment);
    }

    Draft with(Intake intake) {
        return new Draft(trigger.withIntake(intake), partitions, batched, timeout, environment);
    }

    Draft with(Destinations destinations) {
        return new Draft(
                trigger.withDestinations(destinations), partitions, batched, timeout, environment);
    }

    Draft with(Duration limit) {
        return new Draft(trigger, partitions, batched, limit, environment);
    }

    Draft with(String setting, String value) {
        Map<String, String> more = new TreeMap<>(environment);
        more.put(setting, value);
        return new Draft(trigger, partitions, batched, timeout, more);
    }

    /** Reads from another topic. */
    Draft from(String topic) {
        Trigger changed =
                new Trigger(
                        trigger.id(),
                        topic,
                        trigger.function(),
                        trigger.version(),
                        trigger.intake(),
                        trigger.lanes(),
                        trigger.batch(),
                        trigger.retry(),
                        trigger.load(),
                        trigger.destinations(),
                        trigger.guarantee(),
                        trigger.activity());
        return new Draft(changed, partitions, batched, timeout, environment);
    }

    /** With topics for what succeeded and for records of what failed. */
    Draft withNotices() {
        return with(
                trigger.destinations().withOnSuccess(id() + "-done").withOnFailure(id() + "-why"));
    }

    private Draft with(
            LanePolicy lanes,
            BatchPolicy batch,
            RetryPolicy retry,
            LoadPolicy load,
            Guarantee guarantee) {
        Trigger changed =
                new Trigger(
                        trigger.id(),
                        trigger.sourceTopic(),
                        trigger.function(),
                        trigger.version(),
                        trigger.intake(),
                        lanes,
                        batch,
                        retry,
                        load,
                        trigger.destinations(),
                        guarantee,
                        trigger.activity());
        return new Draft(changed, partitions, batched, timeout, environment);
    }
}
