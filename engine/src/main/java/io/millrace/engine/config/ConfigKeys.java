package io.millrace.engine.config;

import io.millrace.engine.model.AwsAccount;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

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
            Key.number(
                    "replication.factor",
                    "Replicas of topics the engine creates, 1 or more; -1 takes the broker's"
                            + " default.",
                    -1,
                    -1,
                    Short.MAX_VALUE);

    public static final Key TOPIC_PARTITIONS =
            Key.number(
                    "topic.partitions",
                    "Partitions of topics the engine creates; registry topics have one.",
                    3,
                    1,
                    1_000);

    public static final Key AWS_PARTITION =
            new Key(
                    "aws.partition",
                    "Partition of AWS in the ARNs of events in AWS's form (event-format of a"
                            + " trigger).",
                    AwsAccount.DEFAULT.partition());

    public static final Key AWS_REGION =
            new Key(
                    "aws.region",
                    "Region in such events, where their source does not tell another.",
                    AwsAccount.DEFAULT.region());

    public static final Key AWS_ACCOUNT_ID =
            new Key(
                    "aws.account.id",
                    "Account in such events, 12 digits.",
                    AwsAccount.DEFAULT.accountId());

    /** All keys, in the order of the documentation. */
    public static final List<Key> ALL =
            Stream.of(
                            Stream.of(
                                    BOOTSTRAP_SERVERS,
                                    SCHEMA_REGISTRY_URL,
                                    NODE_ID,
                                    STATE_DIR,
                                    TOPIC_PREFIX,
                                    REPLICATION_FACTOR,
                                    TOPIC_PARTITIONS),
                            LimitKeys.ALL.stream(),
                            Stream.of(AWS_PARTITION, AWS_REGION, AWS_ACCOUNT_ID))
                    .flatMap(keys -> keys)
                    .toList();

    private ConfigKeys() {}

    /**
     * One setting.
     *
     * @param defaultValue empty if there is none
     * @param range of a number
     */
    public record Key(
            String name, String documentation, String defaultValue, Optional<Range> range) {
        Key(String name, String documentation, String defaultValue) {
            this(name, documentation, defaultValue, Optional.empty());
        }

        static Key number(String name, String documentation, long value, long min, long max) {
            return new Key(
                    name, documentation, Long.toString(value), Optional.of(new Range(min, max)));
        }

        /** The environment variable that holds it: MILLRACE_, upper case, '_' for '.'. */
        public String environmentName() {
            return ENVIRONMENT_PREFIX + name.replace('.', '_').toUpperCase(Locale.ROOT);
        }
    }

    /** Both ends are allowed. */
    public record Range(long min, long max) {
        @Override
        public String toString() {
            return min + " to " + max;
        }
    }

    /** The known key that looks most like the given one, if any is near. */
    static Optional<Key> nearest(String name) {
        return NearestName.of(name, ALL.stream().map(Key::name).toList())
                .flatMap(near -> ALL.stream().filter(key -> key.name().equals(near)).findFirst());
    }
}
