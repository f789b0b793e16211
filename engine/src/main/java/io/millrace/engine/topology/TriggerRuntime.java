package io.millrace.engine.topology;

import io.millrace.engine.config.EngineLimits;
import io.millrace.engine.delivery.EpochWork;
import io.millrace.engine.delivery.ParkingLimits;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.offsets.WatermarkClientSupplier;
import io.millrace.engine.sink.DeadLetterMapper;
import io.millrace.engine.sink.FailureMapper;
import io.millrace.engine.sink.KafkaRecordJson.TimestampType;
import io.millrace.engine.sink.KafkaSource;
import io.millrace.engine.sink.ResultMapper;
import io.millrace.engine.sink.SizeGuard;
import io.millrace.schemas.MeteringRecord;

import org.apache.kafka.common.serialization.Serializer;

import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * What all partitions of one trigger share on this node.
 *
 * @param stopping whether nothing new may be started
 */
public record TriggerRuntime(
        Trigger trigger,
        WatermarkClientSupplier clients,
        EpochWork.Services services,
        Outputs outputs,
        Limits limits,
        Throttle throttle,
        RandomGenerator random,
        BooleanSupplier stopping,
        DeliveryGauges gauges) {

    /**
     * How what came of events is written.
     *
     * @param source of failure records
     * @param timestamps of the source topic
     * @param meteringSerializer must not ask the schema registry: it runs on the stream thread
     */
    public record Outputs(
            String node,
            String meteringTopic,
            Serializer<MeteringRecord> meteringSerializer,
            SizeGuard guard,
            KafkaSource source,
            TimestampType timestamps) {}

    /**
     * Back-pressure: a partition is paused at these limits and goes on at half of them.
     *
     * @param maxEvents admitted and unfinished events of a partition
     * @param maxBytes bytes held by them
     */
    public record Limits(
            int maxEvents, long maxBytes, ParkingLimits parking, EngineLimits.Commits commits) {
        public static final Limits DEFAULT =
                new Limits(
                        10_000,
                        16L * 1024 * 1024,
                        ParkingLimits.DEFAULT,
                        EngineLimits.DEFAULT.commits());
    }

    MeteringPack.Destination metering() {
        return new MeteringPack.Destination(
                outputs.meteringTopic(), outputs.node(), outputs.meteringSerializer());
    }

    EffectApplier applier() {
        return new EffectApplier(
                new ResultMapper(trigger),
                new DeadLetterMapper(trigger, outputs.node()),
                new FailureMapper(trigger, outputs.source(), outputs.timestamps()),
                outputs.guard());
    }
}
