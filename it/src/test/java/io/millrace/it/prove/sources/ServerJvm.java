package io.millrace.it.prove.sources;

import static org.awaitility.Awaitility.await;

import io.millrace.engine.dev.Installation;
import io.millrace.it.harness.ChildProcess;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A server program that listens on a port: it can be ended and started again on the same port.
 * Threading: one thread.
 */
final class ServerJvm implements AutoCloseable {
    private static final Duration UP = Duration.ofMinutes(3);

    private final Path output;
    private final List<String> command;
    private final Map<String, String> environment;
    private final int port;
    private ChildProcess process;

    private ServerJvm(
            Path output, int port, List<String> command, Map<String, String> environment) {
        this.output = output;
        this.port = port;
        this.command = List.copyOf(command);
        this.environment = new TreeMap<>(environment);
        this.process = launch();
    }

    /** Runs a command and waits until it listens. */
    static ServerJvm start(
            Path output, int port, List<String> command, Map<String, String> environment) {
        Map<String, String> all = new TreeMap<>(System.getenv());
        all.putAll(environment);
        ServerJvm server = new ServerJvm(output, port, command, all);
        server.awaitOpen();
        return server;
    }

    /**
     * The command of a JVM on the class path that a module below {@code it} wrote.
     *
     * @param module for example elasticmq
     * @param rest options, main class or source file, arguments
     */
    static List<String> java(String module, List<String> rest) {
        Path file = Installation.find().home().resolve("it/" + module + "/target/classpath.txt");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
        try {
            command.add(Files.readString(file).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "'" + file + "' is missing; './mvnw -pl it -am test-compile' writes it", e);
        }
        command.addAll(rest);
        return command;
    }

    /** Ends it in order, and starts it again. */
    void restart() {
        process.terminate();
        if (process.awaitExit(Duration.ofSeconds(30)).isEmpty()) {
            throw new IllegalStateException("the server did not end: " + process.err());
        }
        process.close();
        process = launch();
        awaitOpen();
    }

    @Override
    public void close() {
        process.close();
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ChildProcess launch() {
        return ChildProcess.start(output, output, environment, command);
    }

    private void awaitOpen() {
        await("port " + port)
                .atMost(UP)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    if (process.awaitExit(Duration.ZERO).isPresent()) {
                        throw new IllegalStateException(
                                "the server ended: " + process.out() + process.err());
                    }
                    return isOpen();
                });
    }

    private boolean isOpen() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
