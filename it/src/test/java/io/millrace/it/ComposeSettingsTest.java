package io.millrace.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.millrace.connectors.avro.AvroConverter;
import io.millrace.connectors.objectstore.ObjectStoreSourceConnector;
import io.millrace.engine.config.ConfigKeys;
import io.millrace.engine.config.ConfigReader;
import io.millrace.engine.config.EngineConfig;
import io.millrace.engine.manifest.Manifest;
import io.millrace.engine.manifest.ManifestReader;
import io.millrace.engine.model.TopicNames;
import io.millrace.it.ComposeFile.Mount;
import io.millrace.it.ComposeFile.Service;

import kafka.docker.KafkaDockerWrapper$;
import kafka.server.KafkaConfig;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigTransformer;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.config.provider.EnvVarConfigProvider;
import org.apache.kafka.connect.runtime.SourceConnectorConfig;
import org.apache.kafka.connect.runtime.distributed.DistributedConfig;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import scala.collection.immutable.Map$;
import scala.jdk.javaapi.CollectionConverters;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Every setting of the compose set-up is one that the program it is for knows and takes. */
final class ComposeSettingsTest {
    private static final String REGISTRY_INSIDE = "http://schema-registry:8080/apis/ccompat/v7";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static ComposeFile file = new ComposeFile(Map.of(), Set.of(), Map.of(), Set.of());

    @BeforeAll
    static void readFile() throws IOException {
        file = ComposeFile.read();
    }

    @Test
    void shouldConfigureBrokersWithWhatKafkaKnows() throws IOException {
        Set<Integer> ids = new HashSet<>();
        for (Service broker : file.servicesNamed("kafka-")) {
            Properties properties = brokerProperties(broker.environment());

            KafkaConfig config = KafkaConfig.fromProps(properties);

            assertThat(unknownToKafka(properties)).as(broker.name()).isEmpty();
            ids.add(config.nodeId());
            assertThat(broker.name()).isEqualTo("kafka-" + config.nodeId());
            assertThat(properties.getProperty("advertised.listeners"))
                    .isEqualTo(
                            "INTERNAL://"
                                    + broker.name()
                                    + ":9092,HOST://"
                                    + broker.ports().getFirst().replace(":9094", ""));
            assertThat(broker.mounts())
                    .contains(new Mount(broker.name(), properties.getProperty("log.dirs")));
        }
        assertThat(ids).containsExactlyInAnyOrder(1, 2, 3);
    }

    @Test
    void shouldNoticeABrokerSettingThatIsNotKnown() throws IOException {
        Properties properties =
                brokerProperties(
                        Map.of("KAFKA_MESSAGE_MAX_BYTE", "1", "KAFKA_HEAP_OPTS", "-Xmx1g"));

        assertThat(unknownToKafka(properties)).containsExactly("message.max.byte");
    }

    @Test
    void shouldNoticeABrokerSettingWithAnImpossibleValue() throws IOException {
        Map<String, String> environment = new TreeMap<>(file.service("kafka-1").environment());
        environment.put("KAFKA_MIN_INSYNC_REPLICAS", "0");
        Properties properties = brokerProperties(environment);

        assertThatThrownBy(() -> KafkaConfig.fromProps(properties))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void shouldLetOneBrokerBeDown() throws IOException {
        Properties broker = brokerProperties(file.service("kafka-1").environment());

        assertThat(broker)
                .containsEntry("default.replication.factor", "3")
                .containsEntry("min.insync.replicas", "2")
                .containsEntry("offsets.topic.replication.factor", "3")
                .containsEntry("transaction.state.log.replication.factor", "3")
                .containsEntry("transaction.state.log.min.isr", "2")
                .containsEntry("share.coordinator.state.topic.replication.factor", "3")
                .containsEntry("share.coordinator.state.topic.min.isr", "2");
        assertThat(broker.getProperty("controller.quorum.voters").split(",", -1)).hasSize(3);
    }

    @Test
    void shouldSayWhatEveryBrokerSettingIsFor() throws IOException {
        String readme = Files.readString(ComposeFile.FOLDER.resolve("README.md"));

        for (Object name : brokerProperties(file.service("kafka-1").environment()).keySet()) {
            assertThat(readme).contains("`" + name + "`");
        }
    }

    @Test
    void shouldGiveTheClusterAnIdThatKafkaTakes() {
        Uuid id = Uuid.fromString(file.variable("CLUSTER_ID"));

        assertThat(Uuid.RESERVED).doesNotContain(id);
        assertThat(id.toString()).isEqualTo(file.variable("CLUSTER_ID"));
    }

    @Test
    void shouldConfigureTheWorkerWithWhatConnectKnows() throws IOException {
        Map<String, String> worker = worker();

        DistributedConfig config = new DistributedConfig(worker);

        assertThat(unknown(worker.keySet(), config.values().keySet())).isEmpty();
        assertThat(config.exactlyOnceSourceEnabled()).isTrue();
        assertThat(worker)
                .containsEntry("config.storage.replication.factor", "3")
                .containsEntry("offset.storage.replication.factor", "3")
                .containsEntry("status.storage.replication.factor", "3");
        Service connect = file.service(worker.getOrDefault("rest.advertised.host.name", ""));
        assertThat(connect.mounts())
                .contains(
                        new Mount(
                                "../connectors/target/plugin",
                                worker.getOrDefault("plugin.path", "")));
    }

    @Test
    void shouldNoticeAWorkerSettingThatIsNotKnown() throws IOException {
        Map<String, String> worker = worker();
        worker.put("exactly.once.source.suport", "enabled");

        assertThat(unknown(worker.keySet(), new DistributedConfig(worker).values().keySet()))
                .containsExactly("exactly.once.source.suport");
    }

    @Test
    void shouldConfigureEveryNodeWithWhatTheEngineKnows() {
        Set<String> known = new TreeSet<>();
        ConfigKeys.ALL.forEach(key -> known.add(key.environmentName()));
        Set<String> ids = new TreeSet<>();
        for (Service node : file.servicesNamed("engine-")) {
            assertThat(known).containsAll(node.environment().keySet());

            EngineConfig config =
                    ConfigReader.read(
                            Optional.empty(), node.environment(), Map.of(), new Random(1));

            ids.add(config.nodeId());
            assertThat(config.replicationFactor()).isEqualTo(3);
            assertThat(config.schemaRegistryUrl()).isEqualTo(REGISTRY_INSIDE);
            assertThat(config.bootstrapServers())
                    .isEqualTo("kafka-1:9092,kafka-2:9092,kafka-3:9092");
            assertThat(node.mounts())
                    .containsExactly(new Mount(node.name(), config.stateDir().toString()));
        }
        assertThat(ids).containsExactly("engine-1", "engine-2");
    }

    @Test
    void shouldConfigureThePhotosConnectorAsItWants() throws IOException {
        JsonNode photos = JSON.readTree(connectorFile());
        Map<String, String> config =
                JSON.convertValue(photos.path("config"), new TypeReference<>() {});
        var connector = new ObjectStoreSourceConnector();
        Set<String> known =
                new TreeSet<>(
                        SourceConnectorConfig.embedDefaultGroup(SourceConnectorConfig.configDef())
                                .names());
        known.addAll(connector.config().names());

        List<ConfigValue> values = connector.config().validate(config);

        assertThat(photos.path("name").asText()).isEqualTo("photos");
        assertThat(values).allSatisfy(it -> assertThat(it.errorMessages()).isEmpty());
        assertThat(unknown(config.keySet(), known)).isEmpty();
        assertThat(connector.exactlyOnceSupport(config)).isEqualTo(ExactlyOnceSupport.SUPPORTED);
        assertThat(config)
                .containsEntry("exactly.once.support", "required")
                .containsEntry("connector.class", connector.getClass().getName())
                .containsEntry("value.converter", AvroConverter.class.getName())
                .containsEntry("value.converter.schema.registry.url", REGISTRY_INSIDE)
                .containsEntry("topic.creation.default.replication.factor", "3");
    }

    @Test
    void shouldLetTheWorkerFindTheConnectorsSecrets() throws IOException {
        Map<String, String> config =
                JSON.convertValue(
                        JSON.readTree(connectorFile()).path("config"), new TypeReference<>() {});
        try (var provider = new EnvVarConfigProvider(file.service("connect").environment())) {
            provider.configure(
                    Map.of(
                            "allowlist.pattern",
                            worker().getOrDefault(
                                            "config.providers.env.param.allowlist.pattern", "")));

            Map<String, String> resolved =
                    new ConfigTransformer(Map.of("env", provider)).transform(config).data();

            assertThat(resolved)
                    .containsEntry(
                            "objectstore.access.key", file.variable("OBJECT_STORE_ACCESS_KEY"))
                    .containsEntry(
                            "objectstore.secret.key", file.variable("OBJECT_STORE_SECRET_KEY"));
        }
    }

    @Test
    void shouldTakeTheThumbnailManifestWithTheVariablesForCommands() throws IOException {
        Map<String, String> client = client();
        var reader = new ManifestReader(new TopicNames("millrace."), client);

        Manifest manifest =
                reader.read(
                        ComposeFile.CHECKOUT.resolve(
                                "functions-sdk/examples/thumbnail/function.yaml"));

        Manifest.Source source = manifest.sources().getFirst();
        assertThat(new ObjectStoreSourceConnector().config().validate(source.config()))
                .allSatisfy(it -> assertThat(it.errorMessages()).isEmpty());
        assertThat(source.config())
                .containsEntry("objectstore.endpoint", "http://object-store")
                .containsEntry("objectstore.bucket", "photos");
        assertThat("" + file.service("prepare").settings().get("command"))
                .contains("/store/photos")
                .contains("/store/thumbnails");
    }

    @Test
    void shouldGiveCommandsThePublishedPortsAndTheStoresKeys() throws IOException {
        String local = "127.0.0.1:";

        assertThat(client())
                .containsEntry(
                        "MILLRACE_BOOTSTRAP_SERVERS",
                        local
                                + file.variable("KAFKA_1_PORT")
                                + ","
                                + local
                                + file.variable("KAFKA_2_PORT")
                                + ","
                                + local
                                + file.variable("KAFKA_3_PORT"))
                .containsEntry(
                        "MILLRACE_SCHEMA_REGISTRY_URL",
                        "http://" + local + file.variable("REGISTRY_PORT") + "/apis/ccompat/v7")
                .containsEntry(
                        "MILLRACE_CONNECT_URL", "http://" + local + file.variable("CONNECT_PORT"))
                .containsEntry(
                        "AWS_ENDPOINT_URL_S3",
                        "http://" + local + file.variable("OBJECT_STORE_PORT"))
                .containsEntry("S3_ACCESS_KEY", file.variable("OBJECT_STORE_ACCESS_KEY"))
                .containsEntry("S3_SECRET_KEY", file.variable("OBJECT_STORE_SECRET_KEY"))
                .containsEntry("AWS_ACCESS_KEY_ID", file.variable("OBJECT_STORE_ACCESS_KEY"))
                .containsEntry("AWS_SECRET_ACCESS_KEY", file.variable("OBJECT_STORE_SECRET_KEY"));
    }

    /** What the image makes of its environment: the very code that it runs. */
    private static Properties brokerProperties(Map<String, String> environment) throws IOException {
        scala.collection.immutable.Map<String, String> variables =
                Map$.MODULE$.from(CollectionConverters.asScala(environment));
        Collection<String> lines =
                CollectionConverters.asJava(
                        KafkaDockerWrapper$.MODULE$.getServerConfigsFromEnv(variables));
        Properties properties = new Properties();
        properties.load(new StringReader(String.join("\n", lines)));
        return properties;
    }

    private static Set<String> unknownToKafka(Properties properties) {
        return unknown(properties.stringPropertyNames(), AbstractKafkaConfig.CONFIG_DEF.names());
    }

    /** Settings of converters and providers are theirs, and behind a prefix. */
    private static Set<String> unknown(Set<String> names, Set<String> known) {
        Set<String> unknown = new TreeSet<>(names);
        unknown.removeAll(known);
        unknown.removeIf(name ->
                name.startsWith("value.converter.") || name.startsWith("config.providers.env."));
        return unknown;
    }

    private static Map<String, String> worker() throws IOException {
        return ComposeFile.variables(ComposeFile.FOLDER.resolve("connect-distributed.properties"));
    }

    private static Map<String, String> client() throws IOException {
        return ComposeFile.variables(ComposeFile.FOLDER.resolve("client.env"));
    }

    private static String connectorFile() throws IOException {
        return Files.readString(ComposeFile.FOLDER.resolve("connectors/photos.json"));
    }
}
