package io.millrace.engine.delivery;

import io.millrace.engine.decode.EventDecoder;
import io.millrace.engine.execute.Dispatcher;
import io.millrace.engine.execute.OutcomeQueue;
import io.millrace.engine.execute.RunningAttempts;
import io.millrace.engine.lane.Cut;
import io.millrace.engine.lane.Lane;
import io.millrace.engine.model.RequestId;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.offsets.PartitionEpoch;
import io.millrace.engine.time.TimeSource;

import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Everything a lane of one epoch needs to be run.
 *
 * @param gathering lanes that a pool thread found waiting for more events: the stream thread
 *     watches their windows. Bounded by the lanes
 * @param stopping whether nothing new may be started
 */
public record EpochWork(
        Trigger trigger,
        PartitionEpoch epoch,
        Cut cut,
        OutcomeQueue<AttemptReport> reports,
        Queue<Lane> gathering,
        Services services,
        BooleanSupplier stopping,
        RequestId.Stem requestIds) {

    public EpochWork(
            Trigger trigger,
            PartitionEpoch epoch,
            Cut cut,
            OutcomeQueue<AttemptReport> reports,
            Queue<Lane> gathering,
            Services services,
            BooleanSupplier stopping) {
        this(
                trigger,
                epoch,
                cut,
                reports,
                gathering,
                services,
                stopping,
                new RequestId.Stem(trigger.id(), epoch.partition()));
    }

    /**
     * What the epochs of a trigger share.
     *
     * @param function asked before every attempt, so that a new version takes over between two
     */
    public record Services(
            Dispatcher dispatcher,
            RunningAttempts attempts,
            EventDecoder decoder,
            Screen screen,
            Supplier<FunctionHandle> function,
            TimeSource time) {
        /** A handler that takes single events gets them one by one, whatever the batch size. */
        public int maxEvents(Trigger trigger) {
            return function.get().invoker().isBatch() ? trigger.batch().maxEvents() : 1;
        }
    }

    /** Has this lane run by a pool thread. */
    public void run(Lane lane) {
        services.dispatcher().submit(new LaneRunner(lane, this));
    }
}
