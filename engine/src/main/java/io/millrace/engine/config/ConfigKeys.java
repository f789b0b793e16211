package io.millrace.engine.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Every setting of an engine node: key, documentation and default side by side. */
public final class ConfigKeys {
    /** Prefix of settings that go to every Kafka client as they are, without the prefix. */
    public static final String KAFKA_PREFIX = "kafka.";

    /** Prefix of the environment variables that hold settings. */
    public static final String ENVIRONMENT_PREFIX = "MILLRACE_";

    public static final Key BOOTSTRAP_SERVERS =
            new Key(
                    "bootstrap.servers",
                    "Brokers to start from, host:port separated by commas.",
                    "localhost:9092");

    public static final Key SCHEMA_REGISTRY_URL =
            new Key(
                    "schema.registry.url",
                    "URLs of the schema registry, separated by commas.",
                    "http://localhost:8081");

    public static final Key NODE_ID =
            new Key(
                    "node.id",
                    "Identity of the node: letters, digits, '.', '_', '-', at most 100. Without it"
                            + " one is made up once and kept in the state folder.",
                    "");

    public static final Key STATE_DIR =
            new Key(
                    "state.dir",
                    "Folder of the node's state, on a persistent disk. '~' is the home folder.",
                    "~/.millrace/state");

    public static final Key TOPIC_PREFIX =
            new Key(
                    "topic.prefix",
                    "Put before the names of the engine's own topics; all nodes and commands of a"
                            + " cluster need the same.",
                    "millrace.");

    public static final Key REPLICATION_FACTOR =
            new Key(
                    "replication.factor",
                    "Replicas of topics the engine creates; -1 takes the broker's default.",
                    "-1");

    public static final Key TOPIC_PARTITIONS =
            new Key(
                    "topic.partitions",
                    "Partitions of topics the engine creates, 1 to 1000; registry topics have one.",
                    "3");

    /** All keys, in the order of the documentation. */
    public static final List<Key> ALL =
            List.of(
                    BOOTSTRAP_SERVERS,
                    SCHEMA_REGISTRY_URL,
                    NODE_ID,
                    STATE_DIR,
                    TOPIC_PREFIX,
                    REPLICATION_FACTOR,
                    TOPIC_PARTITIONS);

    private ConfigKeys() {}

    /**
     * One setting.
     *
     * @param defaultValue empty if there is none
     */
    public record Key(String name, String documentation, String defaultValue) {
        /** The environment variable that holds it: MILLRACE_, upper case, '_' for '.'. */
        public String environmentName() {
            return ENVIRONMENT_PREFIX + name.replace('.', '_').toUpperCase(Locale.ROOT);
        }
    }

    /** The known key that looks most like the given one, if any is near. */
    static Optional<Key> nearest(String name) {
        return NearestName.of(name, ALL.stream().map(Key::name).toList())
                .flatMap(near -> ALL.stream().filter(key -> key.name().equals(near)).findFirst());
    }
}
