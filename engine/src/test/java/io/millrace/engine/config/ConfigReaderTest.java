package io.millrace.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.AwsAccount;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

class ConfigReaderTest {
    @TempDir Path folder;

    @Test
    void shouldHaveTheDocumentedDefaults() {
        EngineConfig config = read(Map.of("node.id", "n1"));

        assertThat(config.bootstrapServers()).isEqualTo("localhost:9092");
        assertThat(config.schemaRegistryUrl()).isEqualTo("http://localhost:8081");
        assertThat(config.stateDir())
                .isEqualTo(Path.of(System.getProperty("user.home"), ".millrace", "state"));
        assertThat(config.topicPrefix()).isEqualTo("millrace.");
        assertThat(config.replicationFactor()).isEqualTo(-1);
        assertThat(config.topicPartitions()).isEqualTo(3);
        assertThat(config.kafka()).isEmpty();
        assertThat(config.limits()).isEqualTo(EngineLimits.DEFAULT);
        assertThat(config.limits().partitions().maxEvents()).isEqualTo(10_000);
        assertThat(config.limits().metricsPort()).isEqualTo(-1);
    }

    @Test
    void shouldTellTheAllowedRangeOfEveryNumber() {
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("node.id", "n1");
        List<ConfigKeys.Key> numbers =
                ConfigKeys.ALL.stream().filter(key -> key.range().isPresent()).toList();
        numbers.forEach(key -> wrong.put(key.name(), key.range().orElseThrow().max() + "0"));

        assertThatThrownBy(() -> read(wrong))
                .satisfies(e ->
                        assertThat(numbers)
                                .hasSizeGreaterThan(10)
                                .allSatisfy(key ->
                                        assertThat(e)
                                                .hasMessageContaining(
                                                        "'"
                                                                + key.name()
                                                                + "' is '"
                                                                + wrong.get(key.name())
                                                                + "'; allowed: "
                                                                + key.range().orElseThrow())));
    }

    @Test
    void shouldRefuseALongestDelayBelowTheFirst() {
        assertThatThrownBy(() ->
                        read(
                                Map.of(
                                        "node.id", "n",
                                        "restart.first.delay.ms", "200",
                                        "restart.max.delay.ms", "100")))
                .hasMessageContaining(
                        "'restart.max.delay.ms' is '100'; allowed: not less than"
                                + " 'restart.first.delay.ms', 200");
    }

    private static final String EVERY_KEY =
            """
            bootstrap.servers=a:1,b:2
            schema.registry.url=https://registry:8081
            node.id=node-7
            state.dir=STATE_DIR
            topic.prefix=prod.
            replication.factor=3
            topic.partitions=12
            partition.max.events=1
            partition.max.bytes=2048
            retry.inline.delay.ms=3
            retry.inline.total.ms=4
            parking.max.events=5
            parking.max.bytes=6
            parking.copy.held.up.ms=17
            parking.copy.expiring.ms=18
            parking.copy.max.events=19
            commit.delay.ms=20
            commit.at.least.once.delay.ms=21
            commit.max.outcomes=22
            commit.max.bytes=2023
            commit.overdue.ms=24
            restart.first.delay.ms=7
            restart.max.delay.ms=8
            topic.watch.interval.ms=109
            stop.timeout.ms=10
            start.timeout.ms=1011
            offsets.refresh.interval.ms=1012
            session.timeout.ms=6013
            deadline.check.interval.ms=14
            state.heartbeat.interval.ms=1015
            metrics.port=16
            aws.partition=aws-cn
            aws.region=cn-north-1
            aws.account.id=123456789012
            kafka.security.protocol=SSL
            """;

    @Test
    void shouldReadEveryKey() throws IOException {
        Path file = file(EVERY_KEY.replace("STATE_DIR", folder.toString()));

        EngineConfig config =
                ConfigReader.read(Optional.of(file), Map.of(), Map.of(), new Random(1));

        assertThat(config)
                .isEqualTo(
                        new EngineConfig(
                                "a:1,b:2",
                                "https://registry:8081",
                                "node-7",
                                folder,
                                "prod.",
                                3,
                                12,
                                Map.of("security.protocol", "SSL"),
                                limits(),
                                new AwsAccount("aws-cn", "cn-north-1", "123456789012")));
        assertThat(ConfigKeys.ALL)
                .allSatisfy(key -> assertThat(Files.readString(file)).contains(key.name() + "="));
    }

    private static EngineLimits limits() {
        return new EngineLimits(
                new EngineLimits.Partitions(1, 2048),
                new EngineLimits.Parking(
                        ms(3), ms(4), 5, 6, new EngineLimits.Copying(ms(17), ms(18), 19)),
                new EngineLimits.Commits(ms(20), ms(21), 22, 2023, ms(24)),
                new EngineLimits.Supervision(
                        new EngineLimits.Restarts(ms(7), ms(8)),
                        ms(109),
                        ms(1011),
                        ms(10),
                        ms(1012),
                        new EngineLimits.Signs(ms(6013), ms(14), ms(1015))),
                16);
    }

    @Test
    void shouldTellEverythingThatIsWrongAtOnce() {
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("bootstrap.servers", "nowhere");
        wrong.put("replication.factor", "many");
        wrong.put("topic.partitions", "0");
        wrong.put("bootstrap.server", "a:1");
        wrong.put("node.id", "a b");
        wrong.put("quux", "1");

        assertThatThrownBy(() -> read(wrong))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessageContaining("'bootstrap.servers' is 'nowhere'")
                .hasMessageContaining("'replication.factor' is 'many'")
                .hasMessageContaining("'topic.partitions' is '0'; allowed: 1 to 1000")
                .hasMessageContaining("did you mean 'bootstrap.servers'?")
                .hasMessageContaining("'node.id' is 'a b'")
                .hasMessageContaining("'quux' in --set is not known; known: bootstrap.servers")
                .hasMessageNotContaining("\n");
    }

    @Test
    void shouldPreferTheCommandLineToTheEnvironmentToTheFile() throws IOException {
        Path file = file("bootstrap.servers=file:1\ntopic.prefix=file.\nnode.id=file\n");

        EngineConfig config =
                ConfigReader.read(
                        Optional.of(file),
                        Map.of(
                                "MILLRACE_BOOTSTRAP_SERVERS", "env:1",
                                "MILLRACE_TOPIC_PREFIX", "env.",
                                "MILLRACE_KAFKA_SASL_MECHANISM", "PLAIN"),
                        Map.of("bootstrap.servers", "set:1"),
                        new Random(1));

        assertThat(config.bootstrapServers()).isEqualTo("set:1");
        assertThat(config.topicPrefix()).isEqualTo("env.");
        assertThat(config.nodeId()).isEqualTo("file");
        assertThat(config.kafka()).isEqualTo(Map.of("sasl.mechanism", "PLAIN"));
    }

    @Test
    void shouldRefuseMisspeltVariablesAndLeaveForeignOnesAlone() {
        Map<String, String> environment =
                Map.of("MILLRACE_BOOTSTRAP_SERVER", "a:1", "MILLRACE_SERVICE_HOST", "10.0.0.1");

        assertThatThrownBy(() ->
                        ConfigReader.read(
                                Optional.empty(),
                                environment,
                                Map.of("node.id", "n"),
                                new Random(1)))
                .hasMessageContaining("did you mean 'MILLRACE_BOOTSTRAP_SERVERS'?")
                .hasMessageNotContaining("SERVICE_HOST");
    }

    @Test
    void shouldKeepTheNodeIdItMade() {
        Map<String, String> settings = Map.of("state.dir", folder.resolve("state").toString());

        String first =
                ConfigReader.read(Optional.empty(), Map.of(), settings, new Random(1)).nodeId();
        String second =
                ConfigReader.read(Optional.empty(), Map.of(), settings, new Random(2)).nodeId();

        assertThat(first).matches("node-[0-9a-f]{8}").isEqualTo(second);
    }

    @Test
    void shouldTellWhichFileIsMissing() {
        Path missing = folder.resolve("no.properties");

        assertThatThrownBy(() ->
                        ConfigReader.read(Optional.of(missing), Map.of(), Map.of(), new Random(1)))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessageContaining(missing.toString());
    }

    @Test
    void shouldNotShowSecrets() {
        EngineConfig config =
                read(
                        Map.of(
                                "node.id", "n",
                                "schema.registry.url", "http://user:hunter2@registry:8081",
                                "kafka.sasl.jaas.config", "password=hunter2"));

        assertThat(config.toString()).contains("sasl.jaas.config").doesNotContain("hunter2");
        assertThatThrownBy(() -> read(Map.of("schema.registry.url", "ftp://u:hunter2@x")))
                .hasMessageNotContaining("hunter2");
    }

    private static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }

    private EngineConfig read(Map<String, String> settings) {
        return ConfigReader.read(Optional.empty(), Map.of(), settings, new Random(1));
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("node.properties"), text);
    }
}
