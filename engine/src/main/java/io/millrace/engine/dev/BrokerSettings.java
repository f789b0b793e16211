package io.millrace.engine.dev;

import java.nio.file.Path;
import java.util.Map;

/** Settings of the embedded broker: one node, broker and controller, quick to start. */
final class BrokerSettings {
    static final int NODE_ID = 1;
    static final String CONTROLLER = "CONTROLLER";

    private BrokerSettings() {}

    static Map<String, String> of(Path directory, int port, int controllerPort) {
        String listener = "PLAINTEXT://" + FreePort.LOOPBACK + ":" + port;
        // The controller's listener never gets registered on port 0: it needs a real one.
        String controller = FreePort.LOOPBACK + ":" + controllerPort;
        return Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", Integer.toString(NODE_ID)),
                Map.entry("listeners", listener + "," + CONTROLLER + "://" + controller),
                Map.entry("advertised.listeners", listener),
                Map.entry("controller.listener.names", CONTROLLER),
                Map.entry("controller.quorum.voters", NODE_ID + "@" + controller),
                Map.entry(
                        "listener.security.protocol.map",
                        "PLAINTEXT:PLAINTEXT," + CONTROLLER + ":PLAINTEXT"),
                Map.entry("log.dirs", directory.toString()),
                // A typing error shall be an error, as on a production cluster.
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("message.max.bytes", "8388608"),
                // After a kill -9 the controller waits this long for the broker of before.
                Map.entry("broker.session.timeout.ms", "1000"),
                Map.entry("broker.heartbeat.interval.ms", "200"),
                // Transactions follow each other closely; see the engine's commit rhythm.
                Map.entry("add.partitions.to.txn.retry.backoff.ms", "1"),
                Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("group.min.session.timeout.ms", "6000"),
                Map.entry("offsets.topic.num.partitions", "5"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("transaction.state.log.num.partitions", "5"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("share.coordinator.state.topic.num.partitions", "5"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("default.replication.factor", "1"),
                Map.entry("min.insync.replicas", "1"),
                // Small: this broker shares the memory of one JVM with everything else.
                Map.entry("log.cleaner.dedupe.buffer.size", "4194304"),
                Map.entry("log.index.size.max.bytes", "1048576"),
                Map.entry("num.network.threads", "2"),
                Map.entry("num.io.threads", "4"));
    }
}
