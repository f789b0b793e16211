package io.millrace.engine.dev;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A real Kafka broker in this JVM, reachable from this machine only.
 *
 * <ul>
 *   <li>A second start over the same directory finds the topics and records of the first; the port
 *       may differ.
 *   <li>One directory serves one broker: a second one gets IN_USE.
 *   <li>A failing disk ends the broker, never the JVM: {@link #failure}.
 * </ul>
 *
 * Threading: any thread.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final String META = "meta.properties";
    private static final int PORT_ATTEMPTS = 3;

    private final KafkaRaftServer server;
    private final DirectoryLock lock;
    private final Path directory;
    private final int port;
    private final CompletableFuture<String> failure = new CompletableFuture<>();
    private final KafkaExit.Listener exitListener;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedBroker(Path directory, DirectoryLock lock, int port, int controllerPort) {
        this.directory = directory;
        this.lock = lock;
        this.port = port;
        this.exitListener =
                new KafkaExit.Listener(
                        KafkaExit.Part.BROKER, () -> isDamaged(directory), this::failed);
        this.server =
                new KafkaRaftServer(
                        new KafkaConfig(BrokerSettings.of(directory, port, controllerPort), false),
                        Time.SYSTEM);
    }

    /**
     * Starts a broker and returns when clients can use it.
     *
     * @param dataDir made when it is missing
     * @param port 0 takes any free one
     */
    public static EmbeddedBroker start(Path dataDir, int port) {
        Path directory = DataDirectory.ready(dataDir);
        // Kafka's own lock is too late: a second process cuts the first one's log before it asks.
        DirectoryLock lock = DirectoryLock.take(directory);
        try {
            format(directory);
            return start(directory, lock, port, port == 0 ? PORT_ATTEMPTS : 1);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** A free port may be taken before the broker binds it; then another one is tried. */
    private static EmbeddedBroker start(
            Path directory, DirectoryLock lock, int wanted, int attempts) {
        int port = FreePort.orAny(wanted, "the Kafka broker");
        EmbeddedBroker broker = new EmbeddedBroker(directory, lock, port, FreePort.any());
        KafkaExit.listen(broker.exitListener);
        try {
            broker.server.startup();
            return broker;
        } catch (RuntimeException | Error e) {
            BoundedStop.run("Kafka broker", broker.server::shutdown);
            KafkaExit.forget(broker.exitListener);
            if (attempts > 1 && Causes.mention(e, "Address already in use")) {
                return start(directory, lock, wanted, attempts - 1);
            }
            throw new MillraceException(
                    ErrorCode.UNAVAILABLE,
                    "Kafka broker over '" + directory + "' did not start: " + Causes.deepest(e),
                    e);
        }
    }

    /** Address for clients. */
    public String bootstrapServers() {
        return FreePort.LOOPBACK + ":" + port;
    }

    /** Completes with a sentence when the broker failed for good; never when it is closed. */
    public CompletableFuture<String> failure() {
        return failure.copy();
    }

    /** Stops the broker in bounded time; what was acknowledged is on disk. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        BoundedStop.run("Kafka broker", server::shutdown);
        KafkaExit.forget(exitListener);
        lock.close();
    }

    /** Kafka makes a directory that is gone again, but what made it Kafka's is lost. */
    private static boolean isDamaged(Path directory) {
        return !Files.exists(directory.resolve(META)) || !DataDirectory.isUsable(directory);
    }

    private void failed(String reason) {
        if (closed.get()) {
            return;
        }
        String sentence =
                "Kafka broker over '"
                        + directory
                        + "' stopped: "
                        + reason
                        + "; is the directory still there, writable, and the disk not full?";
        if (failure.complete(sentence)) {
            LOG.error("{}", sentence);
        }
    }

    private static void format(Path directory) {
        if (Files.exists(directory.resolve(META))) {
            return;
        }
        try {
            new Formatter()
                    .setNodeId(BrokerSettings.NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setDirectories(List.of(directory.toString()))
                    .setMetadataLogDirectory(directory.toString())
                    .setControllerListenerName(BrokerSettings.CONTROLLER)
                    .setPrintStream(
                            new PrintStream(
                                    OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw formatFailed(directory, e);
        } catch (Exception e) {
            throw formatFailed(directory, e);
        }
    }

    private static MillraceException formatFailed(Path directory, Exception e) {
        return new MillraceException(
                ErrorCode.FAILED,
                "directory '"
                        + directory
                        + "' cannot be formatted for Kafka: "
                        + Causes.deepest(e)
                        + "; give an empty directory",
                e);
    }
}
