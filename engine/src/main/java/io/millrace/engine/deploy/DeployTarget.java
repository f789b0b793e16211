package io.millrace.engine.deploy;

import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.model.TopicNames;

/**
 * Where a deployment goes.
 *
 * @param schemaRegistryUrls separated by commas
 * @param connectUrl REST address of Kafka Connect; used only when a manifest has sources
 * @param partitions of topics that are created
 * @param replicationFactor of topics that are created; -1 takes the broker's default
 */
public record DeployTarget(
        Cluster cluster,
        String schemaRegistryUrls,
        String connectUrl,
        TopicNames names,
        int partitions,
        int replicationFactor) {}
