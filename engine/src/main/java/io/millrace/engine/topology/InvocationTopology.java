package io.millrace.engine.topology;

import io.millrace.engine.delivery.ParkingLimits;
import io.millrace.engine.model.Intake;
import io.millrace.engine.model.OutboundRecord;
import io.millrace.engine.offsets.CommitPolicy;

import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TopicNameExtractor;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

import java.util.Map;

/**
 * The topology of one trigger, and with it the order of the rooms.
 *
 * <pre>
 * source topic
 *   -> process: lane                            stream thread: the untouched event is queued
 *        lane -> decode -> execute -> payload   pool threads
 *   -> apply: outcome -> sink                   stream thread: what came of it is decided and forwarded
 *   -> results, on-success, dead letters        header-free of the engine's own envelope, see sink
 *   +  metering                                 one record per commit, from the producer wrapper
 * </pre>
 */
public final class InvocationTopology {
    /** Holds events that wait for a later attempt. */
    public static final String PARKED_STORE = "parked";

    /** Remembers events for as long as a later one can be their repeat. */
    public static final String REPEATS_STORE = "repeats";

    /** What a parked event needs beside its own bytes. */
    public static final int PARKED_ENVELOPE = 64 * 1024;

    private static final String SOURCE = "source";
    private static final String INVOKE = "invoke";
    private static final String OUTCOMES = "outcomes";

    private static final TopicNameExtractor<byte[], OutboundRecord> TOPIC_OF_RECORD =
            (_, record, _) -> record.topic();

    private InvocationTopology() {}

    public static Topology of(TriggerRuntime runtime) {
        var topology = new Topology();
        topology.addSource(
                AutoOffsetReset.none(),
                SOURCE,
                new SourceTimestampExtractor(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                runtime.trigger().sourceTopic());
        topology.addProcessor(INVOKE, () -> new InvocationProcessor(runtime), SOURCE);
        topology.addStateStore(
                parkedStore(runtime.limits().parking(), runtime.clients().policy()), INVOKE);
        runtime.trigger()
                .intake()
                .deduplication()
                .ifPresent(rule -> topology.addStateStore(repeatsStore(rule), INVOKE));
        topology.addSink(
                OUTCOMES,
                TOPIC_OF_RECORD,
                new ByteArraySerializer(),
                new OutboundSerializer(),
                INVOKE);
        return topology;
    }

    private static StoreBuilder<?> repeatsStore(Intake.Deduplication rule) {
        return Stores.windowStoreBuilder(
                        Stores.persistentWindowStore(
                                REPEATS_STORE, rule.window().multipliedBy(2), rule.window(), false),
                        Serdes.ByteArray(),
                        Serdes.Long())
                .withCachingDisabled();
    }

    /**
     * Persistent and logged even where nothing is ever parked: only with a persistent store Streams
     * keeps its process id, and so its transactional id, over restarts.
     */
    private static StoreBuilder<?> parkedStore(ParkingLimits limits, CommitPolicy policy) {
        var store =
                Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(PARKED_STORE),
                                Serdes.Long(),
                                Serdes.ByteArray())
                        .withLoggingEnabled(
                                Map.of(
                                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                        Integer.toString(
                                                limits.maxEventBytes() + PARKED_ENVELOPE)));
        // An event that is done before the next commit costs one record there, not two.
        return policy == CommitPolicy.PENDING_STORE
                ? store.withCachingEnabled()
                : store.withCachingDisabled();
    }
}
