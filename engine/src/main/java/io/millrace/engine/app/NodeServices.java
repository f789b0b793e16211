package io.millrace.engine.app;

import io.millrace.engine.config.EngineConfig;
import io.millrace.engine.decode.EventDecoder;
import io.millrace.engine.execute.RunningAttempts;
import io.millrace.engine.metrics.NodeMetrics;
import io.millrace.engine.time.TimeSource;
import io.millrace.schemas.MeteringRecord;

import org.apache.kafka.common.serialization.Serializer;

/** What the triggers of a node share. */
record NodeServices(
        EngineConfig config,
        String meteringTopic,
        TriggerStart triggerStart,
        TopicWatch topicWatch,
        OffsetsRefresh offsetsRefresh,
        LostRangeLog lostRanges,
        FunctionLoader functions,
        RunningAttempts attempts,
        EventDecoder decoder,
        Serializer<MeteringRecord> meteringSerializer,
        NodeMetrics metrics,
        TimeSource time) {}
