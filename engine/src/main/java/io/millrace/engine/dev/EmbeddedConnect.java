package io.millrace.engine.dev;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.time.TimeSource;

import org.apache.kafka.connect.cli.ConnectDistributed;
import org.apache.kafka.connect.runtime.Connect;
import org.apache.kafka.connect.runtime.distributed.DistributedHerder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * A distributed Kafka Connect worker in this JVM, reachable from this machine only, with Millrace's
 * connectors and exactly-once source support.
 *
 * <p>Connectors, their offsets and their status are in topics: a second start over the same broker
 * goes on with them.
 */
public final class EmbeddedConnect implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedConnect.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final Connect<DistributedHerder> worker;
    private final URI url;
    private final CompletableFuture<String> failure;
    private final KafkaExit.Listener exitListener;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedConnect(
            Connect<DistributedHerder> worker,
            URI url,
            CompletableFuture<String> failure,
            KafkaExit.Listener exitListener) {
        this.worker = worker;
        this.url = url;
        this.failure = failure;
        this.exitListener = exitListener;
    }

    /**
     * Starts a worker and returns when it takes connectors.
     *
     * @param registryUrl where the connectors' values register their schemas
     * @param plugins folders whose sub-folders hold one plug-in each
     * @param port 0 takes any free one
     */
    static EmbeddedConnect start(
            String bootstrapServers,
            URI registryUrl,
            List<Path> plugins,
            int port,
            TimeSource time) {
        int chosen = FreePort.orAny(port, "Kafka Connect");
        URI url = URI.create("http://" + FreePort.LOOPBACK + ":" + chosen);
        var failure = new CompletableFuture<String>();
        var listener =
                new KafkaExit.Listener(
                        KafkaExit.Part.CONNECT, () -> false, reason -> failed(failure, reason));
        KafkaExit.listen(listener);
        // The worker leaves the class loader of its plug-ins behind on the thread that starts it.
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        EmbeddedConnect connect;
        try {
            connect =
                    new EmbeddedConnect(
                            new ConnectDistributed()
                                    .startConnect(
                                            settings(bootstrapServers, registryUrl, plugins, url)),
                            url,
                            failure,
                            listener);
        } catch (RuntimeException e) {
            KafkaExit.forget(listener);
            throw new MillraceException(
                    ErrorCode.UNAVAILABLE,
                    "Kafka Connect on port '" + chosen + "' did not start: " + Causes.deepest(e),
                    e);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
        try {
            connect.awaitHealth(time);
            return connect;
        } catch (RuntimeException e) {
            connect.close();
            throw e;
        }
    }

    /** Address of its REST interface. */
    public URI url() {
        return url;
    }

    /** Completes with a sentence when the worker failed for good; never when it is closed. */
    public CompletableFuture<String> failure() {
        return failure.copy();
    }

    /** Stops the connectors and the worker in bounded time. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        KafkaExit.forget(exitListener);
        BoundedStop.run("Kafka Connect", worker::stop);
    }

    private void awaitHealth(TimeSource time) {
        long deadline = time.nanos() + START_LIMIT.toNanos();
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(REQUEST_LIMIT).build()) {
            while (!isHealthy(http)) {
                if (failure.isDone() || time.nanos() > deadline) {
                    throw new MillraceException(
                            ErrorCode.UNAVAILABLE,
                            "Kafka Connect at '"
                                    + url
                                    + "' "
                                    + failure.getNow(
                                            "was not healthy within "
                                                    + START_LIMIT.toSeconds()
                                                    + " s"));
                }
                LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MillraceException(
                    ErrorCode.UNAVAILABLE, "start of Kafka Connect was interrupted", e);
        }
    }

    private boolean isHealthy(HttpClient http) throws InterruptedException {
        try {
            return http.send(
                                    HttpRequest.newBuilder(url.resolve("/health"))
                                            .timeout(REQUEST_LIMIT)
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            LOG.debug("Kafka Connect does not answer yet: {}", e.getMessage());
            return false;
        }
    }

    private static void failed(CompletableFuture<String> failure, String reason) {
        if (failure.complete("stopped: " + reason)) {
            LOG.error("Kafka Connect stopped: {}", reason);
        }
    }

    private static Map<String, String> settings(
            String bootstrapServers, URI registryUrl, List<Path> plugins, URI url) {
        return Map.ofEntries(
                Map.entry("bootstrap.servers", bootstrapServers),
                Map.entry("group.id", "millrace-connect"),
                Map.entry("listeners", url.toString()),
                Map.entry(
                        "plugin.path",
                        String.join(",", plugins.stream().map(Path::toString).toList())),
                Map.entry("plugin.discovery", "service_load"),
                Map.entry("exactly.once.source.support", "enabled"),
                Map.entry("config.storage.topic", "connect-configs"),
                Map.entry("config.storage.replication.factor", "1"),
                Map.entry("offset.storage.topic", "connect-offsets"),
                Map.entry("offset.storage.replication.factor", "1"),
                Map.entry("offset.storage.partitions", "1"),
                Map.entry("status.storage.topic", "connect-status"),
                Map.entry("status.storage.replication.factor", "1"),
                Map.entry("status.storage.partitions", "1"),
                Map.entry("key.converter", "org.apache.kafka.connect.storage.StringConverter"),
                Map.entry("header.converter", "org.apache.kafka.connect.storage.StringConverter"),
                Map.entry("value.converter", "io.millrace.connectors.avro.AvroConverter"),
                Map.entry("value.converter.schema.registry.url", registryUrl.toString()),
                // One worker: nobody else is waited for when it comes back after a crash.
                Map.entry("scheduled.rebalance.max.delay.ms", "0"),
                Map.entry("session.timeout.ms", "6000"),
                Map.entry("heartbeat.interval.ms", "1000"),
                Map.entry("rebalance.timeout.ms", "10000"),
                Map.entry("task.shutdown.graceful.timeout.ms", "3000"));
    }
}
