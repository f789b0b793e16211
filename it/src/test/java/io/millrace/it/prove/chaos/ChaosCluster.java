package io.millrace.it.prove.chaos;

import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.config.EngineConfig;
import io.millrace.engine.config.EngineLimits;
import io.millrace.engine.dev.Installation;
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
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.model.ValueFormat;
import io.millrace.engine.time.TimeSource;
import io.millrace.it.harness.BrokerProcess;
import io.millrace.it.harness.EngineProcess;
import io.millrace.it.harness.FunctionDeployment;
import io.millrace.it.harness.FunctionJar;
import io.millrace.it.harness.Scratch;
import io.millrace.it.harness.TestCluster;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.TopicPartition;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A broker, engine nodes and what they need, each in a process of its own but for the schema
 * registry. Threading: one thread; {@link #admin} any.
 */
final class ChaosCluster implements AutoCloseable {
    static final String TRIGGER = "chaos";
    static final String LONG_TRIGGER = "chaos-long";
    static final String EVENTS = "chaos-events";
    static final String LONG_EVENTS = "chaos-long-events";
    static final String RESULTS = "chaos-results";
    static final String DEAD_LETTERS = "chaos-failed";
    static final String METERING = TestCluster.NAMES.metering();
    static final int PARTITIONS = 4;
    static final Duration TIMEOUT = Duration.ofSeconds(3);

    private static final Duration LONG_TIMEOUT = Duration.ofSeconds(90);

    private final Path folder;
    private final Path output;
    private final Path notes;
    private final TimeSource time;
    private final BrokerProcess broker;
    private final EmbeddedSchemaRegistry registry;
    private final Cluster cluster;
    private final Admin admin;
    private final Map<String, EngineProcess> nodes = new TreeMap<>();
    private final Map<Long, Long> births = new HashMap<>();

    private ChaosCluster(Scratch scratch, TimeSource time, BrokerProcess broker) {
        this.folder = scratch.folder();
        this.output = scratch.folder("output");
        this.notes = scratch.folder("notes");
        this.time = time;
        this.broker = broker;
        this.registry =
                EmbeddedSchemaRegistry.start(broker.bootstrapServers(), Map.of(), 0, (short) 1);
        this.cluster =
                new Cluster(broker.bootstrapServers(), Map.of("reconnect.backoff.max.ms", "200"));
        this.admin = cluster.admin("chaos-admin");
    }

    /** Starts the broker, and publishes functions and triggers; no node runs yet. */
    static ChaosCluster start(Scratch scratch, TimeSource time) throws IOException {
        BrokerProcess broker =
                BrokerProcess.start(scratch.folder().resolve("kafka"), scratch.folder("output"));
        ChaosCluster chaos;
        try {
            chaos = new ChaosCluster(scratch, time, broker);
        } catch (RuntimeException e) {
            broker.close();
            throw e;
        }
        try {
            chaos.deploy();
            return chaos;
        } catch (IOException | RuntimeException | Error e) {
            chaos.close();
            throw e;
        }
    }

    Cluster cluster() {
        return cluster;
    }

    Admin admin() {
        return admin;
    }

    BrokerProcess broker() {
        return broker;
    }

    String registryUrl() {
        return registry.url().toString();
    }

    Path notes() {
        return notes;
    }

    /** Nodes that have been started and neither killed nor told to end. */
    Map<String, EngineProcess> nodes() {
        return nodes;
    }

    /** One of {@link #nodes}. */
    EngineProcess node(String name) {
        return Optional.ofNullable(nodes.get(name)).orElseThrow();
    }

    /** When each process was started, by its id. */
    Map<Long, Long> births() {
        return births;
    }

    EngineProcess startNode(String node) throws IOException {
        long birth = time.nanos();
        EngineProcess process = EngineProcess.start(config(node), output);
        births.put(process.pid(), birth);
        nodes.put(node, process);
        return process;
    }

    static String group(String trigger) {
        return TestCluster.NAMES.prefix() + trigger;
    }

    /** Partitions of the trigger's topic that this node owns; empty while nobody knows. */
    Set<String> owned(String trigger, String node) throws InterruptedException {
        String group = group(trigger);
        try {
            return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                    .flatMap(description -> description.members().stream())
                    .filter(member -> member.clientId().startsWith(group + "-" + node + "-"))
                    .flatMap((MemberDescription member) ->
                            member.assignment().topicPartitions().stream())
                    .map(TopicPartition::toString)
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (ExecutionException _) {
            // No group yet, or no broker.
            return Set.of();
        }
    }

    static List<TopicPartition> partitions(String topic) {
        return IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    @Override
    public void close() {
        nodes.values().forEach(EngineProcess::close);
        nodes.clear();
        admin.close(Duration.ofSeconds(2));
        registry.close();
        broker.close();
    }

    private EngineConfig config(String node) {
        return new EngineConfig(
                broker.bootstrapServers(),
                registryUrl(),
                node,
                folder.resolve("state-" + node),
                TestCluster.NAMES.prefix(),
                1,
                PARTITIONS,
                Map.of(),
                EngineLimits.DEFAULT,
                AwsAccount.DEFAULT);
    }

    private void deploy() throws IOException {
        Path jar = FunctionJar.of(folder, ChaosFunction.CLASS, ChaosFunction.SOURCE);
        deploy(TRIGGER, EVENTS, jar, TIMEOUT);
        deploy(LONG_TRIGGER, LONG_EVENTS, jar, LONG_TIMEOUT);
    }

    private void deploy(String id, String topic, Path jar, Duration timeout) throws IOException {
        Trigger trigger =
                new Trigger(
                        new TriggerId(id),
                        topic,
                        new FunctionName(id),
                        FunctionSpec.LATEST,
                        Intake.from(StartingPosition.EARLIEST, ValueFormat.JSON),
                        LanePolicy.byKey(32),
                        BatchPolicy.SINGLE,
                        RetryPolicy.of(
                                Kind.MAX_ATTEMPTS, Duration.ofMillis(50), Duration.ofMillis(400)),
                        LoadPolicy.of(50),
                        Destinations.of(RESULTS, DEAD_LETTERS),
                        Guarantee.EXACTLY_ONCE,
                        Activity.ENABLED);
        new FunctionDeployment(cluster, registryUrl())
                .publish(
                        trigger,
                        PARTITIONS,
                        jar,
                        ChaosFunction.CLASS,
                        timeout,
                        Map.of(ChaosFunction.NOTES, notes.toString()));
    }

    /** Lines of the engines' logs that tell of something wrong, the newest last. */
    List<String> complaints() throws IOException {
        List<String> lines = new ArrayList<>();
        try (var logs = Files.list(output)) {
            for (Path log : logs.sorted().toList()) {
                for (String line : Files.readAllLines(log)) {
                    if (line.contains(" ERROR ") || line.contains("cannot be read")) {
                        lines.add(log.getFileName() + ": " + line);
                    }
                }
            }
        }
        return lines;
    }

    /** Copies what the processes printed to where the build's files are. */
    Path keepLogs(String name) throws IOException {
        Path kept = Installation.find().home().resolve("it/target").resolve(name);
        Files.createDirectories(kept);
        try (var logs = Files.list(output)) {
            for (Path log : logs.toList()) {
                Files.copy(
                        log,
                        kept.resolve(String.valueOf(log.getFileName())),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return kept;
    }
}
