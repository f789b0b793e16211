package io.millrace.engine.cli;

import io.millrace.engine.deploy.SourceOperations;

import picocli.CommandLine.Option;

import java.util.function.Consumer;

/** Where Kafka Connect is. */
final class ConnectOptions {
    private final Surroundings surroundings;

    @Option(
            names = {"--connect", "--connect-url"},
            paramLabel = "URL",
            description =
                    "Kafka Connect's REST address; otherwise MILLRACE_CONNECT_URL, then"
                            + " http://localhost:8083.")
    private String url = "";

    ConnectOptions(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Connects, does the work and disconnects. */
    void run(Consumer<SourceOperations> work) {
        String address = new ClusterOptions(surroundings).connectUrl(url);
        try (SourceOperations operations = new SourceOperations(address, surroundings.time())) {
            work.accept(operations);
        }
    }
}
