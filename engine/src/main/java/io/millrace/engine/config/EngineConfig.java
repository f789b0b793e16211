package io.millrace.engine.config;

import io.millrace.engine.model.AwsAccount;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Settings of one engine node.
 *
 * @param nodeId identity of the node, kept over restarts; part of static group membership
 * @param stateDir folder of the node's state, on a persistent disk
 * @param topicPrefix put before the names of the engine's own topics
 * @param replicationFactor of topics the engine creates; -1 takes the broker's default
 * @param topicPartitions of topics the engine creates, but for the registry's, which have one
 * @param kafka settings for every Kafka client, security above all; may hold secrets, so {@link
 *     #toString} shows the names only
 * @param aws what stands in events in AWS's form
 */
public record EngineConfig(
        String bootstrapServers,
        String schemaRegistryUrl,
        String nodeId,
        Path stateDir,
        String topicPrefix,
        int replicationFactor,
        int topicPartitions,
        Map<String, String> kafka,
        EngineLimits limits,
        AwsAccount aws) {
    public EngineConfig {
        kafka = Map.copyOf(kafka);
    }

    public EngineConfig withLimits(EngineLimits other) {
        return new EngineConfig(
                bootstrapServers,
                schemaRegistryUrl,
                nodeId,
                stateDir,
                topicPrefix,
                replicationFactor,
                topicPartitions,
                kafka,
                other,
                aws);
    }

    @Override
    public String toString() {
        return "bootstrap.servers="
                + bootstrapServers
                + " schema.registry.url="
                + schemaRegistryUrl.replaceAll("//[^@/]*@", "//")
                + " node.id="
                + nodeId
                + " state.dir="
                + stateDir
                + " topic.prefix="
                + topicPrefix
                + " kafka="
                + new TreeMap<>(kafka).keySet();
    }
}
