package io.millrace.it.harness;

import io.millrace.engine.app.Engine;
import io.millrace.engine.app.TriggerState;
import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.config.EngineConfig;
import io.millrace.engine.config.EngineLimits;
import io.millrace.engine.dev.EmbeddedBroker;
import io.millrace.engine.dev.registry.EmbeddedSchemaRegistry;
import io.millrace.engine.model.Activity;
import io.millrace.engine.model.AwsAccount;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.Destinations;
import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.Guarantee;
import io.millrace.engine.model.Intake;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.LoadPolicy;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.StartingPosition;
import io.millrace.engine.model.TopicNames;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.model.ValueFormat;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** A broker, a schema registry and the means to deploy, send and read, all on loopback. */
public final class TestCluster implements AutoCloseable {
    public static final TopicNames NAMES = new TopicNames("millrace.");

    private final Path folder;
    private final String bootstrapServers;
    private final Runnable closeBroker;
    private EmbeddedSchemaRegistry registry;
    private final Cluster cluster;

    private TestCluster(Path folder, String bootstrapServers, Runnable closeBroker) {
        this.folder = folder;
        this.bootstrapServers = bootstrapServers;
        this.closeBroker = closeBroker;
        this.registry = EmbeddedSchemaRegistry.start(bootstrapServers, Map.of(), 0, (short) 1);
        this.cluster = new Cluster(bootstrapServers, Map.of());
    }

    public static TestCluster start(Path folder) {
        EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
        return new TestCluster(folder, broker.bootstrapServers(), broker::close);
    }

    /** With a broker that is somebody else's to close. */
    public static TestCluster over(Path folder, String bootstrapServers) {
        return new TestCluster(folder, bootstrapServers, () -> {});
    }

    /** Does something while no schema registry answers; it comes back under the same address. */
    public void withoutRegistry(Runnable task) {
        int port = registry.url().getPort();
        registry.close();
        try {
            task.run();
        } finally {
            registry = EmbeddedSchemaRegistry.start(bootstrapServers, Map.of(), port, (short) 1);
        }
    }

    public EngineConfig engineConfig(String node) {
        return new EngineConfig(
                bootstrapServers,
                registry.url().toString(),
                node,
                folder.resolve("state-" + node),
                "millrace.",
                1,
                3,
                Map.of(),
                EngineLimits.DEFAULT,
                AwsAccount.DEFAULT);
    }

    public Engine startEngine(String node) {
        return Engine.start(engineConfig(node));
    }

    /** A trigger with the usual settings: 16 lanes, three quick attempts. */
    public static Trigger trigger(String id, String topic, RetryPolicy retry) {
        return new Trigger(
                new TriggerId(id),
                topic,
                new FunctionName(id),
                FunctionSpec.LATEST,
                Intake.from(StartingPosition.EARLIEST, ValueFormat.AUTO),
                LanePolicy.byKey(16),
                BatchPolicy.SINGLE,
                retry,
                LoadPolicy.of(50),
                Destinations.of(id + "-results", id + "-failed"),
                Guarantee.EXACTLY_ONCE,
                Activity.ENABLED);
    }

    /** Publishes the function and its trigger, with all topics they need. */
    public void deploy(Trigger trigger, Path jar, String handler, Duration timeout)
            throws IOException {
        new FunctionDeployment(cluster, registryUrl())
                .publish(trigger, 3, jar, handler, timeout, Map.of());
    }

    /** Sends the events and waits until the broker has all of them. */
    public void send(List<ProducerRecord<byte[], byte[]>> events)
            throws InterruptedException, ExecutionException {
        try (Producer<byte[], byte[]> producer = cluster.producer("test-producer")) {
            var sent = new ArrayList<Future<RecordMetadata>>(events.size());
            events.forEach(event -> sent.add(producer.send(event)));
            for (Future<RecordMetadata> one : sent) {
                RecordMetadata _ = one.get();
            }
        }
    }

    public static ProducerRecord<byte[], byte[]> event(String topic, String key, String value) {
        return new ProducerRecord<>(
                topic,
                key.getBytes(StandardCharsets.UTF_8),
                value.getBytes(StandardCharsets.UTF_8));
    }

    /** Every committed record of the topic, partition by partition. */
    public List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        try (Consumer<byte[], byte[]> consumer = cluster.consumer("test-reader")) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    /** Engine nodes that own partitions of this trigger. */
    public Set<String> members(String trigger) throws InterruptedException, ExecutionException {
        String group = NAMES.prefix() + trigger;
        try (Admin admin = cluster.admin("test-admin")) {
            return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                    .flatMap(description -> description.members().stream())
                    .filter(member -> !member.assignment().topicPartitions().isEmpty())
                    .map(MemberDescription::consumerId)
                    .collect(Collectors.toSet());
        }
    }

    public static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    public static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : text(header.value());
    }

    public static boolean isRunning(Engine engine, TriggerId trigger) {
        return engine.triggers().stream()
                .anyMatch(state ->
                        state.trigger().equals(trigger)
                                && state.phase() == TriggerState.Phase.RUNNING);
    }

    /** How tests and operations reach the cluster. */
    public Cluster cluster() {
        return cluster;
    }

    public String registryUrl() {
        return registry.url().toString();
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public void close() {
        registry.close();
        closeBroker.run();
    }
}
