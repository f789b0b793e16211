package io.millrace.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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
    }

    @Test
    void shouldReadEveryKey() throws IOException {
        Path file =
                file(
                        """
                        bootstrap.servers=a:1,b:2
                        schema.registry.url=https://registry:8081
                        node.id=node-7
                        state.dir=%s
                        topic.prefix=prod.
                        replication.factor=3
                        topic.partitions=12
                        kafka.security.protocol=SSL
                        """
                                .formatted(folder));

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
                                Map.of("security.protocol", "SSL")));
        assertThat(ConfigKeys.ALL)
                .allSatisfy(key -> assertThat(Files.readString(file)).contains(key.name() + "="));
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

    private EngineConfig read(Map<String, String> settings) {
        return ConfigReader.read(Optional.empty(), Map.of(), settings, new Random(1));
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("node.properties"), text);
    }
}
