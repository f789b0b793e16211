package io.millrace.bench.arm;

import io.millrace.bench.function.HandlerWork;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * Kafka Streams with the handler inside {@code process()}, tried again there when it fails; other
 * settings by their own names.
 */
final class StreamsArm implements Arm {
    /** Setting: events go through a topic of invocations first. */
    private static final String HOP = "hop";

    /** Setting: every event is put into a changelogged store. */
    private static final String STORE = "store";

    private static final Duration BACKOFF = Duration.ofSeconds(1);

    @Override
    public Running start(ArmTask task) throws ExecutionException, InterruptedException {
        HandlerWork work = task.handler();
        Topology topology = new Topology();
        topology.addSource(
                "source", new ByteArrayDeserializer(), new ByteArrayDeserializer(), task.input());
        if (task.settings().containsKey(HOP)) {
            topology.addSink(
                    "invocations",
                    hop(task),
                    new ByteArraySerializer(),
                    new ByteArraySerializer(),
                    "source");
            topology.addSource(
                    "invoked", new ByteArrayDeserializer(), new ByteArrayDeserializer(), hop(task));
            createHop(task);
        }
        boolean stored = task.settings().containsKey(STORE);
        topology.addProcessor(
                "handler",
                () -> new HandlerProcessor(work, task.isSilent(), stored),
                task.settings().containsKey(HOP) ? "invoked" : "source");
        if (stored) {
            topology.addStateStore(
                    Stores.keyValueStoreBuilder(
                            Stores.persistentKeyValueStore(STORE),
                            Serdes.Long(),
                            Serdes.ByteArray()),
                    "handler");
        }
        if (!task.isSilent()) {
            topology.addSink(
                    "sink",
                    task.output(),
                    new ByteArraySerializer(),
                    new ByteArraySerializer(),
                    "handler");
        }
        KafkaStreams streams = new KafkaStreams(topology, settings(task));
        streams.start();
        return () -> {
            boolean _ = streams.close(Duration.ofSeconds(30));
        };
    }

    private static String hop(ArmTask task) {
        return task.group() + "-invocations";
    }

    /** The topic of the design in which each invocation is a record first. */
    private static void createHop(ArmTask task) throws ExecutionException, InterruptedException {
        try (Admin admin =
                Admin.create(
                        Map.of(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, task.bootstrapServers()))) {
            int partitions =
                    admin.describeTopics(List.of(task.input()))
                            .allTopicNames()
                            .get()
                            .values()
                            .iterator()
                            .next()
                            .partitions()
                            .size();
            Void _ =
                    admin.createTopics(List.of(new NewTopic(hop(task), partitions, (short) 1)))
                            .all()
                            .get();
        }
    }

    private static Properties settings(ArmTask task) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, task.group());
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, task.bootstrapServers());
        settings.put(StreamsConfig.STATE_DIR_CONFIG, task.folder());
        settings.put(
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                task.isAtLeastOnce() ? StreamsConfig.AT_LEAST_ONCE : StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        settings.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG),
                "earliest");
        for (Map.Entry<String, String> setting : task.settings().entrySet()) {
            if (setting.getKey().contains(".")) {
                settings.put(setting.getKey(), setting.getValue());
            }
        }
        if (task.settings().containsKey("static")) {
            settings.put(
                    StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
                    task.text("node", "bench"));
            settings.put(
                    StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
                    10_000);
        }
        return settings;
    }

    private static final class HandlerProcessor
            extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
        private final HandlerWork work;
        private final boolean silent;
        private final boolean stored;

        private HandlerProcessor(HandlerWork work, boolean silent, boolean stored) {
            this.work = work;
            this.silent = silent;
            this.stored = stored;
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            while (!runs(record.value())) {
                // Order is kept only if nothing else goes on meanwhile.
                LockSupport.parkNanos(BACKOFF.toNanos());
            }
            if (stored) {
                KeyValueStore<Long, byte[]> store = context().getStateStore(STORE);
                store.put(ByteBuffer.wrap(record.value()).getLong(), record.value());
            }
            if (!silent) {
                context().forward(record);
            }
        }

        private boolean runs(byte[] value) {
            try {
                work.run(value);
                return true;
            } catch (IllegalStateException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                return false;
            }
        }
    }
}
