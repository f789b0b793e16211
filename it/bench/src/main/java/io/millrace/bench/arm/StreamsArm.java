package io.millrace.bench.arm;

import io.millrace.bench.function.HandlerWork;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;

/** Kafka Streams with the handler inside {@code process()}; other settings by their own names. */
final class StreamsArm implements Arm {
    @Override
    public Running start(ArmTask task) {
        HandlerWork work = task.handler();
        Topology topology = new Topology();
        topology.addSource(
                "source", new ByteArrayDeserializer(), new ByteArrayDeserializer(), task.input());
        topology.addProcessor("handler", () -> new HandlerProcessor(work), "source");
        topology.addSink(
                "sink",
                task.output(),
                new ByteArraySerializer(),
                new ByteArraySerializer(),
                "handler");
        KafkaStreams streams = new KafkaStreams(topology, settings(task));
        streams.start();
        return () -> {
            boolean _ = streams.close(Duration.ofSeconds(30));
        };
    }

    private static Properties settings(ArmTask task) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, task.group());
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, task.bootstrapServers());
        settings.put(StreamsConfig.STATE_DIR_CONFIG, task.folder());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        settings.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG),
                "earliest");
        for (Map.Entry<String, String> setting : task.settings().entrySet()) {
            settings.put(setting.getKey(), setting.getValue());
        }
        return settings;
    }

    private static final class HandlerProcessor
            extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
        private final HandlerWork work;

        private HandlerProcessor(HandlerWork work) {
            this.work = work;
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            work.run(record.value());
            context().forward(record);
        }
    }
}
