package io.millrace.engine.topology;

import io.millrace.engine.model.OutboundRecord;

import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * Connects one partition of the source topic with its {@link PartitionSession}.
 *
 * <p>All state is made in {@link #init} and dropped in {@link #close}: Streams may initialise the
 * same object again. Threading: StreamThread only.
 */
final class InvocationProcessor
        implements Processor<
                byte @Nullable [], byte @Nullable [], byte @Nullable [], OutboundRecord> {
    private static final Duration TICK = Duration.ofMillis(1);

    /** While events come: each tick makes Streams take fewer of them at a time. */
    private static final Duration BUSY_TICK = Duration.ofMillis(10);

    private final TriggerRuntime runtime;
    private @Nullable PartitionSession session;
    private @Nullable ProcessorContext<byte @Nullable [], OutboundRecord> context;
    private @Nullable Cancellable ticks;
    private Duration interval = TICK;

    InvocationProcessor(TriggerRuntime runtime) {
        this.runtime = runtime;
    }

    @Override
    public void init(ProcessorContext<byte @Nullable [], OutboundRecord> context) {
        this.context = context;
        session = new PartitionSession(runtime, context);
        schedule(TICK);
    }

    private void tick() {
        Duration wanted = session().tick() ? BUSY_TICK : TICK;
        if (!wanted.equals(interval)) {
            schedule(wanted);
        }
    }

    private void schedule(Duration wanted) {
        if (ticks != null) {
            ticks.cancel();
        }
        interval = wanted;
        if (context != null) {
            ticks = context.schedule(wanted, PunctuationType.WALL_CLOCK_TIME, _ -> tick());
        }
    }

    @Override
    public void process(Record<byte @Nullable [], byte @Nullable []> record) {
        session().process(record);
    }

    @Override
    public void close() {
        if (session != null) {
            session.close();
            session = null;
            context = null;
            ticks = null;
        }
    }

    private PartitionSession session() {
        if (session == null) {
            throw new IllegalStateException("not initialised");
        }
        return session;
    }
}
