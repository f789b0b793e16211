package io.millrace.engine.delivery;

import io.millrace.engine.decode.EventDecoder;
import io.millrace.engine.execute.Dispatcher;
import io.millrace.engine.execute.OutcomeQueue;
import io.millrace.engine.execute.RunningAttempts;
import io.millrace.engine.lane.Lane;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.offsets.PartitionEpoch;
import io.millrace.engine.time.TimeSource;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Everything a lane of one epoch needs to be run.
 *
 * @param stopping whether nothing new may be started
 */
public record EpochWork(
        Trigger trigger,
        PartitionEpoch epoch,
        OutcomeQueue<AttemptReport> reports,
        Services services,
        BooleanSupplier stopping) {

    /**
     * What the epochs of a trigger share.
     *
     * @param function asked before every attempt, so that a new version takes over between two
     */
    public record Services(
            Dispatcher dispatcher,
            RunningAttempts attempts,
            EventDecoder decoder,
            Supplier<FunctionHandle> function,
            TimeSource time) {}

    /** Has this lane run by a pool thread. */
    public void run(Lane lane) {
        services.dispatcher().submit(new LaneRunner(lane, this));
    }
}
