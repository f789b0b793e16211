package io.millrace.engine.app;

import io.millrace.engine.artifacts.ArtifactCache;
import io.millrace.engine.artifacts.ArtifactReader;
import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.cluster.SchemaFailures;
import io.millrace.engine.config.EngineConfig;
import io.millrace.engine.decode.EventDecoder;
import io.millrace.engine.decode.RegistrySchemaLookup;
import io.millrace.engine.execute.InvocationThreads;
import io.millrace.engine.execute.RunningAttempts;
import io.millrace.engine.metrics.Metric;
import io.millrace.engine.metrics.MetricsEndpoint;
import io.millrace.engine.metrics.NodeMetrics;
import io.millrace.engine.model.TopicNames;
import io.millrace.engine.payload.RegistrySchemaRegistration;
import io.millrace.engine.registry.RegistryReader;
import io.millrace.engine.registry.RegistryTopics;
import io.millrace.engine.time.SystemTimeSource;
import io.millrace.engine.time.TimeSource;
import io.millrace.schemas.LostRange;
import io.millrace.schemas.MeteringRecord;
import io.millrace.schemas.TriggerStatus;
import io.millrace.schemas.registry.AvroSerializer;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * One engine node: runs every enabled trigger of the registry, until it is closed.
 *
 * <ul>
 *   <li>{@link #start} returns when the node follows the registry; triggers start by themselves
 *       after that, each with a state of its own.
 *   <li>{@link #close} lets running invocations come to their end for a bounded time.
 * </ul>
 *
 * Threading: any thread.
 */
public final class Engine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final TriggerStatus EMPTY_STATUS =
            TriggerStatus.newBuilder()
                    .setTrigger("")
                    .setNode("")
                    .setPhase("")
                    .setSince(Instant.EPOCH)
                    .setHeartbeatMillis(0)
                    .setPublishedAt(Instant.EPOCH)
                    .build();

    private final Deque<AutoCloseable> parts;
    private final TriggerSupervisor supervisor;

    private Engine(Deque<AutoCloseable> parts, TriggerSupervisor supervisor) {
        this.parts = parts;
        this.supervisor = supervisor;
    }

    /**
     * Starts a node.
     *
     * @throws io.millrace.engine.model.MillraceException when the cluster or the schema registry
     *     cannot be used
     */
    public static Engine start(EngineConfig config) {
        var parts = new ArrayDeque<AutoCloseable>();
        try {
            return start(config, parts);
        } catch (RegistryException e) {
            closeAll(parts);
            throw SchemaFailures.of(e);
        } catch (RuntimeException e) {
            closeAll(parts);
            throw e;
        }
    }

    private static Engine start(EngineConfig config, Deque<AutoCloseable> parts) {
        StreamsSettings.createStateDirectory(config);
        TimeSource time = new SystemTimeSource();
        var names = new TopicNames(config.topicPrefix());
        var cluster = Cluster.of(config);
        try (var topics =
                new RegistryTopics(
                        cluster, names, config.topicPartitions(), config.replicationFactor())) {
            topics.createEngineTopics();
        }
        var schemas = cluster.schemaRegistry(config.schemaRegistryUrl());
        parts.push(schemas);
        NodeServices node = services(config, cluster, schemas, time, parts);
        var publisher = publisher(config, cluster, schemas, time);
        parts.push(publisher);
        var board = new StateBoard(publisher, time);
        publisher.start(board::statuses);
        var supervisor = new TriggerSupervisor(node, board);
        parts.push(supervisor);
        var reader =
                RegistryReader.start(
                        cluster,
                        names,
                        schemas,
                        Thread.ofPlatform().name("registry-reader").daemon().factory(),
                        supervisor::follow);
        parts.push(reader);
        reader.awaitCaughtUp(config.limits().supervision().startTimeout());
        LOG.info("Engine node {} follows {}", config.nodeId(), config.bootstrapServers());
        return new Engine(parts, supervisor);
    }

    private static NodeServices services(
            EngineConfig config,
            Cluster cluster,
            SchemaRegistryClient schemas,
            TimeSource time,
            Deque<AutoCloseable> parts) {
        var names = new TopicNames(config.topicPrefix());
        // Registered here in the form the serialisers use, so that stream threads never ask.
        var metering = new AvroSerializer<MeteringRecord>(schemas);
        var _ = metering.serialize(names.metering(), new MeteringRecord("", "", 0, "", List.of()));
        var lost = new AvroSerializer<LostRange>(schemas);
        var _ =
                lost.serialize(
                        names.lostRanges(), new LostRange("", "", 0, 0L, 0L, "", Instant.EPOCH));
        var admin = cluster.admin("millrace-" + config.nodeId());
        parts.push(admin);
        var deadlines = InvocationThreads.forDeadlines();
        parts.push(deadlines::shutdownNow);
        var attempts =
                new RunningAttempts(
                        time, deadlines, config.limits().supervision().signs().deadlineChecks());
        parts.push(attempts);
        var artifacts =
                new ArtifactCache(new ArtifactReader(cluster, names, time), config.stateDir());
        return new NodeServices(
                config,
                names.metering(),
                new TriggerStart(admin, config),
                new TopicWatch(admin),
                new OffsetsRefresh(admin),
                new LostRangeLog(cluster, names.lostRanges(), config.nodeId(), lost, time),
                new FunctionLoader(
                        artifacts, new RegistrySchemaRegistration(schemas), config, time),
                attempts,
                new EventDecoder(new RegistrySchemaLookup(schemas)),
                metering,
                metrics(config, attempts, parts),
                time);
    }

    private static NodeMetrics metrics(
            EngineConfig config, RunningAttempts attempts, Deque<AutoCloseable> parts) {
        var metrics = new NodeMetrics(config.nodeId());
        parts.push(metrics);
        metrics.show(Metric.CALLS_RUNNING, attempts::count);
        int port = config.limits().metricsPort();
        if (port >= 0) {
            var endpoint = MetricsEndpoint.start(metrics, port);
            parts.push(endpoint);
            LOG.info("Metrics are at http://localhost:{}/metrics", endpoint.port());
        }
        return metrics;
    }

    private static StatePublisher publisher(
            EngineConfig config, Cluster cluster, SchemaRegistryClient schemas, TimeSource time) {
        String topic = new TopicNames(config.topicPrefix()).triggerStates();
        var states = new AvroSerializer<TriggerStatus>(schemas);
        var _ = states.serialize(topic, EMPTY_STATUS);
        return new StatePublisher(
                cluster.producer("millrace-states-" + config.nodeId()),
                new StatePublisher.Destination(topic, config.nodeId(), states),
                config.limits().supervision().signs().heartbeat(),
                time);
    }

    /** How every trigger of the registry fares on this node. */
    public List<TriggerState> triggers() {
        return supervisor.states();
    }

    @Override
    public void close() {
        closeAll(parts);
    }

    private static void closeAll(Deque<AutoCloseable> parts) {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.warn("A part of the engine did not close", e);
            }
        }
    }
}
