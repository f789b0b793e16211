package io.millrace.engine.topology;

import io.millrace.engine.model.OutboundRecord;

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

    private final TriggerRuntime runtime;
    private @Nullable PartitionSession session;

    InvocationProcessor(TriggerRuntime runtime) {
        this.runtime = runtime;
    }

    @Override
    public void init(ProcessorContext<byte @Nullable [], OutboundRecord> context) {
        session = new PartitionSession(runtime, context);
        context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, _ -> session().tick());
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
        }
    }

    private PartitionSession session() {
        if (session == null) {
            throw new IllegalStateException("not initialised");
        }
        return session;
    }
}
