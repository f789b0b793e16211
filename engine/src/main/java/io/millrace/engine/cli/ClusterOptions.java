package io.millrace.engine.cli;

import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.config.ConfigKeys;
import io.millrace.engine.config.ConfigReader;
import io.millrace.engine.model.TopicNames;
import io.millrace.schemas.registry.SchemaRegistryClient;

import picocli.CommandLine.Option;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Options that name a cluster. What is not given comes from the environment ({@code
 * MILLRACE_BOOTSTRAP_SERVERS} and so on), then from the defaults of {@link ConfigKeys}.
 */
final class ClusterOptions {
    private static final String CONNECT_ENVIRONMENT = "MILLRACE_CONNECT_URL";
    private static final String CONNECT_DEFAULT = "http://localhost:8083";

    private final Map<String, String> environment;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description = "Kafka brokers to start from, separated by commas.")
    private String bootstrapServers = "";

    @Option(
            names = "--schema-registry-url",
            paramLabel = "URL",
            description = "Schema registry, several URLs separated by commas.")
    private String schemaRegistryUrl = "";

    @Option(
            names = "--topic-prefix",
            paramLabel = "PREFIX",
            description = "Put before the names of the engine's own topics.")
    private String topicPrefix = "";

    @Option(
            names = "--kafka",
            paramLabel = "KEY=VALUE",
            description = "A setting for the Kafka clients, such as security.protocol=SSL.")
    private Map<String, String> kafka = new LinkedHashMap<>();

    ClusterOptions(Surroundings surroundings) {
        this.environment = surroundings.environment();
    }

    Cluster cluster() {
        Map<String, String> settings = new LinkedHashMap<>(ConfigReader.kafkaSettings(environment));
        settings.putAll(kafka);
        return new Cluster(orKey(bootstrapServers, ConfigKeys.BOOTSTRAP_SERVERS), settings);
    }

    String schemaRegistryUrls() {
        return orKey(schemaRegistryUrl, ConfigKeys.SCHEMA_REGISTRY_URL);
    }

    SchemaRegistryClient schemas() {
        return cluster().schemaRegistry(schemaRegistryUrls());
    }

    TopicNames names() {
        return new TopicNames(orKey(topicPrefix, ConfigKeys.TOPIC_PREFIX));
    }

    /** Kafka Connect's address, from a command's option or as the others. */
    String connectUrl(String given) {
        return given.isEmpty()
                ? environment.getOrDefault(CONNECT_ENVIRONMENT, CONNECT_DEFAULT)
                : given;
    }

    private String orKey(String given, ConfigKeys.Key key) {
        return given.isEmpty()
                ? environment.getOrDefault(key.environmentName(), key.defaultValue())
                : given;
    }
}
