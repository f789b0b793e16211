package io.millrace.it.harness;

import io.millrace.engine.artifacts.ArtifactPublisher;
import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.registry.Deployment;
import io.millrace.engine.registry.RegistryPublisher;
import io.millrace.engine.registry.RegistryTopics;
import io.millrace.engine.time.SystemTimeSource;
import io.millrace.schemas.registry.RegistryConfig;
import io.millrace.schemas.registry.SchemaRegistryClient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Publishes functions with their triggers, as {@code millrace deploy} does. */
public final class FunctionDeployment {
    private final Cluster cluster;
    private final String registryUrl;

    public FunctionDeployment(Cluster cluster, String registryUrl) {
        this.cluster = cluster;
        this.registryUrl = registryUrl;
    }

    /** Publishes a function of one class and its trigger, with all topics they need. */
    public void publish(
            Trigger trigger,
            int partitions,
            Path jar,
            String handler,
            Duration timeout,
            Map<String, String> environment)
            throws IOException {
        var time = new SystemTimeSource();
        try (var topics = new RegistryTopics(cluster, TestCluster.NAMES, partitions, 1);
                var schemas = new SchemaRegistryClient(RegistryConfig.of(registryUrl));
                var code = new ArtifactPublisher(cluster, TestCluster.NAMES, time);
                var publisher = new RegistryPublisher(cluster, TestCluster.NAMES, schemas, time)) {
            topics.createEngineTopics();
            topics.createEventTopics(Set.of(trigger.sourceTopic()));
            topics.createEventTopics(trigger.destinations().topics());
            var spec =
                    new FunctionSpec(
                            trigger.function(),
                            FunctionSpec.LATEST,
                            handler,
                            code.publish(jar),
                            timeout,
                            256,
                            environment);
            publisher.deploy(List.of(new Deployment(spec, Files.size(jar), "", List.of(trigger))));
        }
    }
}
