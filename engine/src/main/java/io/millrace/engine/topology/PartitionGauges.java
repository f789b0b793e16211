package io.millrace.engine.topology;

import io.millrace.engine.model.PartitionId;

import java.util.function.IntSupplier;

/**
 * What one partition holds, as its stream thread said last; it says so a few times per second.
 *
 * <p>Threading: written by the StreamThread, read by any.
 */
public final class PartitionGauges {
    private final PartitionId partition;
    private final IntSupplier outcomesWaiting;
    private volatile Figures figures = Figures.NONE;

    PartitionGauges(PartitionId partition, IntSupplier outcomesWaiting) {
        this.partition = partition;
        this.outcomesWaiting = outcomesWaiting;
    }

    /**
     * Figures of one moment.
     *
     * @param events admitted and unfinished
     * @param bytes of these
     * @param parkedEvents in the parking store
     * @param parkedBytes of these
     * @param timers retries and batching windows that wait for their time
     * @param metadata characters of the offset metadata that was committed last
     * @param headroom offsets between the highest one seen and the dispatch limit; negative when
     *     events wait for it
     * @param repeats dropped in this epoch
     */
    public record Figures(
            int events,
            long bytes,
            int parkedEvents,
            long parkedBytes,
            int timers,
            int metadata,
            long headroom,
            boolean paused,
            long repeats) {
        static final Figures NONE = new Figures(0, 0, 0, 0, 0, 0, 0, false, 0);
    }

    public PartitionId partition() {
        return partition;
    }

    public Figures figures() {
        return figures;
    }

    /** Reports that are not applied yet; counts them, which takes a while when there are many. */
    public int outcomesWaiting() {
        return outcomesWaiting.getAsInt();
    }

    void tell(Figures now) {
        figures = now;
    }
}
