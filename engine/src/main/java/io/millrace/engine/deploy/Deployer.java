package io.millrace.engine.deploy;

import io.millrace.engine.artifacts.ArtifactPublisher;
import io.millrace.engine.manifest.Manifest;
import io.millrace.engine.manifest.PackageCheck;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.registry.Deployment;
import io.millrace.engine.registry.RegistryPublisher;
import io.millrace.engine.registry.RegistryReader;
import io.millrace.engine.registry.RegistrySnapshot;
import io.millrace.engine.registry.RegistryTopics;
import io.millrace.engine.time.TimeSource;
import io.millrace.schemas.registry.SchemaRegistryClient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Deploys manifests: checks everything first, then publishes.
 *
 * <ul>
 *   <li>Functions and triggers of one call become visible together or not at all.
 *   <li>Sources are started last, so that no event comes before its topic and trigger are there.
 *   <li>A call may be repeated; one that failed in the middle is finished by repeating it.
 * </ul>
 *
 * <p>Threading: one thread.
 */
public final class Deployer {
    private static final Duration SOURCE_START = Duration.ofSeconds(30);

    private final DeployTarget target;
    private final PackageCheck packages;
    private final TimeSource time;

    public Deployer(DeployTarget target, PackageCheck packages, TimeSource time) {
        this.target = target;
        this.packages = packages;
        this.time = time;
    }

    /**
     * Checks everything that can be checked without changing anything: packages, handlers, names
     * that collide, the cluster, and every source's settings by Kafka Connect.
     *
     * @throws MillraceException with everything that is wrong
     */
    public void check(List<Manifest> manifests) {
        requireDistinct(manifests);
        List<String> errors = new ArrayList<>();
        ErrorCode code = ErrorCode.INVALID;
        for (Manifest manifest : manifests) {
            try {
                PackageCheck.requireJar(manifest.code());
                ArtifactPublisher.requireSize(manifest.code());
                packages.verify(manifest);
            } catch (MillraceException e) {
                code = errors.isEmpty() ? e.code() : ErrorCode.INVALID;
                errors.add("function '" + manifest.function() + "': " + e.text());
            }
        }
        errors.addAll(sourceErrors(manifests));
        if (!errors.isEmpty()) {
            throw new MillraceException(code, String.join("; ", errors));
        }
        try (RegistryTopics topics = topics()) {
            // Proves that the cluster answers.
            topics.existing(List.of());
        }
        try (SchemaRegistryClient schemas = schemas()) {
            SchemaCheck.reach(schemas);
        }
    }

    /**
     * Deploys.
     *
     * @param tell gets one line for each thing that was done
     */
    public void deploy(List<Manifest> manifests, Consumer<String> tell) {
        check(manifests);
        try (SchemaRegistryClient schemas = schemas()) {
            createTopics(manifests, tell);
            RegistrySnapshot before =
                    RegistryReader.read(target.cluster(), target.names(), schemas);
            requireOwnTriggers(manifests, before);
            List<Deployment> deployments = publishCode(manifests, tell);
            try (RegistryPublisher publisher =
                    new RegistryPublisher(target.cluster(), target.names(), schemas, time)) {
                publisher.deploy(deployments);
            }
            tellDeployed(manifests, before, tell);
        }
        startSources(manifests, tell);
    }

    private RegistryTopics topics() {
        return new RegistryTopics(
                target.cluster(), target.names(), target.partitions(), target.replicationFactor());
    }

    private SchemaRegistryClient schemas() {
        return target.cluster().schemaRegistry(target.schemaRegistryUrls());
    }

    private static void requireDistinct(List<Manifest> manifests) {
        Map<String, Path> seen = new HashMap<>();
        for (Manifest manifest : manifests) {
            requireNew(seen, "function '" + manifest.function() + "'", manifest.file());
            for (Trigger trigger : manifest.triggers()) {
                requireNew(seen, "trigger '" + trigger.id() + "'", manifest.file());
            }
            for (Manifest.Source source : manifest.sources()) {
                requireNew(seen, "source '" + source.name() + "'", manifest.file());
            }
        }
    }

    private static void requireNew(Map<String, Path> seen, String what, Path file) {
        Path other = seen.putIfAbsent(what, file);
        if (other != null) {
            throw new MillraceException(
                    ErrorCode.INVALID,
                    what
                            + " is in manifest '"
                            + other
                            + "' and in manifest '"
                            + file
                            + "'; give one of them another name");
        }
    }

    private List<String> sourceErrors(List<Manifest> manifests) {
        List<Manifest.Source> sources = sources(manifests);
        List<String> errors = new ArrayList<>();
        if (sources.isEmpty()) {
            return errors;
        }
        try (ConnectClient connect = new ConnectClient(target.connectUrl(), time)) {
            for (Manifest.Source source : sources) {
                for (String error : connect.validate(source.connectorClass(), source.config())) {
                    errors.add("source '" + source.name() + "': " + error);
                }
            }
        }
        return errors;
    }

    private void createTopics(List<Manifest> manifests, Consumer<String> tell) {
        try (RegistryTopics topics = topics()) {
            Set<String> created = new TreeSet<>(topics.createEngineTopics());
            Set<String> wanted = new TreeSet<>();
            manifests.forEach(manifest -> wanted.addAll(manifest.topics()));
            created.addAll(topics.createEventTopics(wanted));
            created.forEach(topic -> tell.accept("created topic " + topic));
        }
    }

    /** A trigger id is a Kafka Streams application; two functions must not share one. */
    private static void requireOwnTriggers(List<Manifest> manifests, RegistrySnapshot before) {
        Map<TriggerId, FunctionName> owners = new HashMap<>();
        before.triggers().forEach((id, trigger) -> owners.put(id, trigger.function()));
        for (Manifest manifest : manifests) {
            for (Trigger trigger : manifest.triggers()) {
                FunctionName owner = owners.getOrDefault(trigger.id(), manifest.function());
                if (!owner.equals(manifest.function())) {
                    throw new MillraceException(
                            ErrorCode.IN_USE,
                            "trigger '"
                                    + trigger.id()
                                    + "' of manifest '"
                                    + manifest.file()
                                    + "' belongs to function '"
                                    + owner
                                    + "' already; choose another id");
                }
            }
        }
    }

    private List<Deployment> publishCode(List<Manifest> manifests, Consumer<String> tell) {
        List<Deployment> deployments = new ArrayList<>();
        try (ArtifactPublisher publisher =
                new ArtifactPublisher(target.cluster(), target.names(), time)) {
            for (Manifest manifest : manifests) {
                String digest = publisher.publish(manifest.code());
                long size = Files.size(manifest.code());
                tell.accept(
                        "code of "
                                + manifest.function()
                                + " is "
                                + digest.substring(0, 12)
                                + " ("
                                + size
                                + " bytes)");
                deployments.add(
                        new Deployment(
                                manifest.functionSpec(digest),
                                size,
                                manifest.description(),
                                manifest.triggers()));
            }
        } catch (IOException e) {
            throw new MillraceException(ErrorCode.DENIED, "cannot read a package: " + e, e);
        }
        return deployments;
    }

    private static void tellDeployed(
            List<Manifest> manifests, RegistrySnapshot before, Consumer<String> tell) {
        for (Manifest manifest : manifests) {
            tell.accept("deployed function " + manifest.function());
            Set<TriggerId> named = new TreeSet<>((a, b) -> a.value().compareTo(b.value()));
            for (Trigger trigger : manifest.triggers()) {
                named.add(trigger.id());
                tell.accept(
                        "deployed trigger " + trigger.id() + " on topic " + trigger.sourceTopic());
            }
            for (Trigger trigger : before.triggers().values()) {
                if (trigger.function().equals(manifest.function())
                        && !named.contains(trigger.id())) {
                    tell.accept(
                            "trigger "
                                    + trigger.id()
                                    + " is not in the manifest and goes on running; end it with:"
                                    + " millrace remove --trigger "
                                    + trigger.id());
                }
            }
        }
    }

    private void startSources(List<Manifest> manifests, Consumer<String> tell) {
        List<Manifest.Source> sources = sources(manifests);
        if (sources.isEmpty()) {
            return;
        }
        try (ConnectClient connect = new ConnectClient(target.connectUrl(), time)) {
            for (Manifest.Source source : sources) {
                connect.put(source.name(), source.config());
            }
            for (Manifest.Source source : sources) {
                tellStarted(source, connect.awaitStarted(source.name(), SOURCE_START), tell);
            }
        }
    }

    private static void tellStarted(
            Manifest.Source source, ConnectClient.Status status, Consumer<String> tell) {
        String name = "source " + source.name();
        switch (status.state()) {
            case RUNNING -> tell.accept(name + " is running, writes to topic " + source.topic());
            case STARTING -> tell.accept(name + " is still starting");
            case STOPPED -> tell.accept(name + " is " + status.detail() + " in Kafka Connect");
            case FAILED ->
                    throw new MillraceException(
                            ErrorCode.FAILED,
                            "source '"
                                    + source.name()
                                    + "' failed to start: "
                                    + status.detail()
                                    + "; functions and triggers are deployed");
        }
    }

    private static List<Manifest.Source> sources(List<Manifest> manifests) {
        return manifests.stream().flatMap(manifest -> manifest.sources().stream()).toList();
    }
}
