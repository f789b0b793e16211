package io.millrace.engine.dev;

import io.millrace.engine.config.EngineConfig;
import io.millrace.engine.config.EngineLimits;
import io.millrace.engine.dev.registry.EmbeddedSchemaRegistry;
import io.millrace.engine.model.AwsAccount;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.time.TimeSource;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Everything Millrace needs, in this process: broker, schema registry, Connect worker, object store
 * and one engine node.
 *
 * <ul>
 *   <li>All of it, or nothing: a part that does not start takes the others down again.
 *   <li>All data is below one directory, which one process uses at a time; a second start over it
 *       goes on where the first stopped.
 *   <li>Everything listens on the loopback interface only.
 * </ul>
 *
 * Threading: any thread.
 */
public final class DevEnvironment implements AutoCloseable {
    /** What the engine's own topics begin with. */
    public static final String TOPIC_PREFIX = "millrace.";

    /** Partitions of topics that are made here. */
    public static final int PARTITIONS = 4;

    private final Path data;
    private final StartedParts parts;
    private final PartTimes times;
    private final Duration startedIn;
    private final EmbeddedBroker broker;
    private final EmbeddedSchemaRegistry registry;
    private final EmbeddedConnect connect;
    private final EmbeddedObjectStore objectStore;
    private final StoreCredentials credentials;

    private DevEnvironment(Start start) {
        this.data = start.data;
        this.parts = start.parts;
        this.times = start.times;
        this.startedIn = start.times.elapsed();
        this.broker = start.broker.join();
        this.registry = start.registry.join();
        this.connect = start.connect.join();
        this.objectStore = start.objectStore.join();
        this.credentials = start.credentials;
    }

    /**
     * Starts everything and returns when it can be used.
     *
     * @param dataDirectory made when it is missing, kept afterwards
     */
    public static DevEnvironment start(
            Path dataDirectory, DevPorts ports, EngineStarter engine, TimeSource time) {
        Path data = DataDirectory.ready(dataDirectory);
        var parts = new StartedParts();
        try {
            parts.started(StartedParts.LOCK, DirectoryLock.take(data));
            LayoutVersion.check(data);
            try (var threads = Executors.newThreadPerTaskExecutor(startThreads())) {
                return new Start(data, ports.chosen(), parts, time).run(engine, threads);
            }
        } catch (RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    /** Where all data lies. */
    public Path data() {
        return data;
    }

    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    public URI schemaRegistryUrl() {
        return registry.url();
    }

    public URI connectUrl() {
        return connect.url();
    }

    public URI objectStoreUrl() {
        return objectStore.endpoint();
    }

    public StoreCredentials credentials() {
        return credentials;
    }

    /** The file with the object store's credentials. */
    public Path credentialsFile() {
        return StoreCredentials.file(data);
    }

    /** A client of the object store; the caller closes it. */
    public ObjectStoreClient objectStore() {
        return ObjectStoreClient.to(objectStore.endpoint(), credentials);
    }

    /** How long each part took to start. */
    public Map<String, Duration> startTimes() {
        return times.durations();
    }

    /** How long it took until everything was up. */
    public Duration startedIn() {
        return startedIn;
    }

    /** Completes with a sentence when a part failed for good. */
    public CompletableFuture<String> failure() {
        return broker.failure()
                .applyToEither(
                        connect.failure().thenApply(reason -> "Kafka Connect " + reason),
                        reason -> reason);
    }

    /** Stops everything in reverse order of its start, each part in bounded time. Idempotent. */
    @Override
    public void close() {
        parts.close();
    }

    private static ThreadFactory startThreads() {
        return Thread.ofPlatform().name("start-", 0).daemon().factory();
    }

    /** One start: who waits for whom. */
    private static final class Start {
        private final Path data;
        private final DevPorts ports;
        private final StartedParts parts;
        private final PartTimes times;
        private final TimeSource time;
        private final StoreCredentials credentials;
        private final Installation installation = Installation.find();
        private CompletableFuture<EmbeddedBroker> broker = new CompletableFuture<>();
        private CompletableFuture<EmbeddedSchemaRegistry> registry = new CompletableFuture<>();
        private CompletableFuture<EmbeddedConnect> connect = new CompletableFuture<>();
        private CompletableFuture<EmbeddedObjectStore> objectStore = new CompletableFuture<>();

        Start(Path data, DevPorts ports, StartedParts parts, TimeSource time) {
            this.data = data;
            this.ports = ports;
            this.parts = parts;
            this.time = time;
            this.times = new PartTimes(time);
            this.credentials = StoreCredentials.of(data, RandomGenerator.of("SecureRandom"));
        }

        DevEnvironment run(EngineStarter engine, ExecutorService threads) {
            URI registryUrl = URI.create("http://" + FreePort.LOOPBACK + ":" + ports.registry());
            objectStore = part(threads, StartedParts.OBJECT_STORE, this::startObjectStore);
            broker =
                    part(
                            threads,
                            StartedParts.BROKER,
                            () -> EmbeddedBroker.start(data.resolve("kafka"), ports.kafka()));
            registry =
                    broker.thenComposeAsync(
                            up -> part(threads, StartedParts.REGISTRY, () -> startRegistry(up)),
                            threads);
            connect =
                    broker.thenComposeAsync(
                            up ->
                                    part(
                                            threads,
                                            StartedParts.CONNECT,
                                            () -> startConnect(up, registryUrl)),
                            threads);
            var node =
                    registry.thenComposeAsync(
                            up ->
                                    part(
                                            threads,
                                            StartedParts.ENGINE,
                                            () -> engine.start(engineConfig(up.url()))),
                            threads);
            awaitAll(objectStore, broker, registry, connect, node);
            return new DevEnvironment(this);
        }

        private EmbeddedObjectStore startObjectStore() {
            return EmbeddedObjectStore.start(
                    installation.objectStoreJar(),
                    data.resolve("s3"),
                    credentials,
                    ports.objectStore());
        }

        private EmbeddedSchemaRegistry startRegistry(EmbeddedBroker up) {
            return EmbeddedSchemaRegistry.start(
                    up.bootstrapServers(), Map.of(), ports.registry(), (short) 1);
        }

        private EmbeddedConnect startConnect(EmbeddedBroker up, URI registryUrl) {
            return EmbeddedConnect.start(
                    up.bootstrapServers(),
                    registryUrl,
                    installation.connectPlugins(),
                    ports.connect(),
                    time);
        }

        private EngineConfig engineConfig(URI registryUrl) {
            return new EngineConfig(
                    broker.join().bootstrapServers(),
                    registryUrl.toString(),
                    "dev",
                    data.resolve("engine"),
                    TOPIC_PREFIX,
                    1,
                    PARTITIONS,
                    Map.of(),
                    EngineLimits.DEFAULT,
                    AwsAccount.DEFAULT);
        }

        /** What has started is closed with the environment, also when another part fails. */
        private <T extends AutoCloseable> CompletableFuture<T> part(
                ExecutorService threads, String name, Supplier<T> start) {
            return CompletableFuture.supplyAsync(
                    () -> {
                        T started = times.measure(name, start);
                        parts.started(name, started);
                        return started;
                    },
                    threads);
        }

        /** Waits for every part even when one fails: what still starts could not be closed. */
        private static void awaitAll(CompletableFuture<?>... starting) {
            try {
                CompletableFuture.allOf(starting).join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof MillraceException known) {
                    throw known;
                }
                throw new MillraceException(
                        ErrorCode.FAILED, "Millrace did not start: " + Causes.deepest(e), e);
            }
        }
    }
}
