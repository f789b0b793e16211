package io.millrace.it.harness;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A broker in a JVM of its own, to be killed and started again over the same folder and on the same
 * port. Threading: one thread.
 */
public final class BrokerProcess implements AutoCloseable {
    private static final Duration UP = Duration.ofSeconds(90);

    private final Path data;
    private final Path output;
    private int port;
    private ChildProcess process;

    private BrokerProcess(Path data, Path output) {
        this.data = data;
        this.output = output;
        this.process = launch();
    }

    /**
     * Starts it and waits until clients can use it.
     *
     * @param output an existing folder for what it prints
     */
    public static BrokerProcess start(Path data, Path output) {
        BrokerProcess broker = new BrokerProcess(data, output);
        broker.awaitReady();
        return broker;
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** As {@code kill -9} does; waits until the process is gone. */
    public void kill() {
        process.close();
    }

    /** Starts it again after {@link #kill}, and waits until clients can use it. */
    public void restart() {
        process = launch();
        awaitReady();
    }

    @Override
    public void close() {
        process.close();
    }

    private ChildProcess launch() {
        return ChildProcess.start(
                output,
                output,
                new TreeMap<>(Map.copyOf(System.getenv())),
                JavaCommand.of(
                        List.of("-Xmx512m"),
                        "io.millrace.it.harness.BrokerMain",
                        data.toString(),
                        Integer.toString(port)));
    }

    private void awaitReady() {
        if (!process.awaitLine(line -> line.startsWith(BrokerMain.READY), UP)) {
            process.close();
            throw new IllegalStateException("the broker did not start: " + process.err());
        }
        port =
                process.out().stream()
                        .filter(line -> line.startsWith(BrokerMain.READY))
                        .map(line -> Integer.valueOf(line.substring(line.lastIndexOf(':') + 1)))
                        .findFirst()
                        .orElseThrow();
    }
}
