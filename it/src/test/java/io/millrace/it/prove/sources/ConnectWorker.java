package io.millrace.it.prove.sources;

import static org.awaitility.Awaitility.await;

import io.millrace.engine.dev.Installation;
import io.millrace.it.harness.ChildProcess;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A distributed Connect worker as Kafka ships it, in a JVM of its own: nothing of Millrace but what
 * {@code plugin.path} leads to. It can be killed and started again with the same settings and
 * address. Threading: one thread.
 */
public final class ConnectWorker implements AutoCloseable {
    private static final Duration UP = Duration.ofMinutes(3);

    private final Path output;
    private final Path properties;
    private final String name;
    private final URI url;
    private final ConnectRest rest;
    private final List<String> earlier = new ArrayList<>();
    private ChildProcess process;

    private ConnectWorker(Path output, Path properties, String name, URI url) {
        this.output = output;
        this.properties = properties;
        this.name = name;
        this.url = url;
        this.rest = new ConnectRest(url);
        this.process = launch();
    }

    /**
     * Starts it and waits until it takes connectors.
     *
     * @param output an existing folder for what it prints
     * @param plugins for {@code plugin.path}
     * @param settings beside or instead of the usual ones: keys as texts, values as Avro, headers
     *     as texts, exactly-once support
     */
    public static ConnectWorker start(
            Path output,
            String name,
            String bootstrapServers,
            Path plugins,
            Map<String, String> settings) {
        URI url = URI.create("http://127.0.0.1:" + freePort());
        Map<String, String> all = new TreeMap<>(usual(bootstrapServers, plugins, url));
        all.putAll(settings);
        ConnectWorker worker = new ConnectWorker(output, write(output, name, all), name, url);
        worker.awaitReady();
        return worker;
    }

    /** Its REST interface. */
    public ConnectRest rest() {
        return rest;
    }

    public URI url() {
        return url;
    }

    public boolean isAlive() {
        return process.awaitExit(Duration.ZERO).isEmpty();
    }

    /** As {@code kill -9} does; waits until the process is gone. */
    public void kill() {
        process.close();
    }

    /** Starts it again after {@link #kill}; waits until it takes connectors. */
    public void restart() {
        startAgain();
        awaitReady();
    }

    /** Starts it again after {@link #kill} and does not wait. */
    public void startAgain() {
        earlier.addAll(process.err());
        process = launch();
    }

    /** Everything it logged, over all its lives. */
    public List<String> log() {
        List<String> lines = new ArrayList<>(earlier);
        lines.addAll(process.err());
        return lines.stream().map(line -> name + " " + line).toList();
    }

    @Override
    public void close() {
        process.close();
        rest.close();
    }

    /** Waits until it takes connectors; IllegalStateException with its log when it ended. */
    public void awaitReady() {
        await(name + " takes connectors")
                .atMost(UP)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    if (!isAlive()) {
                        throw new IllegalStateException(
                                "worker '" + name + "' ended: " + String.join(" / ", log()));
                    }
                    return rest.isHealthy();
                });
    }

    private ChildProcess launch() {
        return ChildProcess.start(
                output,
                output,
                new TreeMap<>(Map.copyOf(System.getenv())),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dorg.slf4j.simpleLogger.showDateTime=true",
                        "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
                        "-cp",
                        classPath(),
                        "org.apache.kafka.connect.cli.ConnectDistributed",
                        properties.toString()));
    }

    private static String classPath() {
        Path file = Installation.find().home().resolve("it/worker/target/classpath.txt");
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "'" + file + "' is missing; './mvnw -pl it -am test-compile' writes it", e);
        }
    }

    private static Path write(Path folder, String name, Map<String, String> settings) {
        try {
            return Files.write(
                    folder.resolve(name + ".properties"),
                    settings.entrySet().stream()
                            .map(e -> e.getKey() + "=" + e.getValue())
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> usual(String bootstrapServers, Path plugins, URI url) {
        String text = "org.apache.kafka.connect.storage.StringConverter";
        return Map.ofEntries(
                Map.entry("bootstrap.servers", bootstrapServers),
                Map.entry("group.id", "prove-connect"),
                Map.entry("listeners", url.toString()),
                Map.entry("plugin.path", plugins.toString()),
                Map.entry("plugin.discovery", "service_load"),
                Map.entry("exactly.once.source.support", "enabled"),
                Map.entry("config.storage.topic", "prove-connect-configs"),
                Map.entry("config.storage.replication.factor", "1"),
                Map.entry("offset.storage.topic", "prove-connect-offsets"),
                Map.entry("offset.storage.replication.factor", "1"),
                Map.entry("offset.storage.partitions", "1"),
                Map.entry("status.storage.topic", "prove-connect-status"),
                Map.entry("status.storage.replication.factor", "1"),
                Map.entry("status.storage.partitions", "1"),
                Map.entry("key.converter", text),
                Map.entry("header.converter", text),
                Map.entry("value.converter", "io.millrace.connectors.avro.AvroConverter"),
                // A worker that comes back after a kill finds its work at once.
                Map.entry("scheduled.rebalance.max.delay.ms", "0"),
                Map.entry("session.timeout.ms", "6000"),
                Map.entry("heartbeat.interval.ms", "1000"),
                Map.entry("rebalance.timeout.ms", "10000"),
                Map.entry("task.shutdown.graceful.timeout.ms", "3000"));
    }
}
