package io.millrace.engine.dev;

import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.deploy.DeployTarget;
import io.millrace.engine.deploy.Deployer;
import io.millrace.engine.manifest.Manifest;
import io.millrace.engine.manifest.ManifestReader;
import io.millrace.engine.manifest.PackageCheck;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.TopicNames;
import io.millrace.engine.time.TimeSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Deploys manifests into an environment, and makes the buckets they speak of. */
public final class DevDeployment {
    private static final String SOURCE_BUCKET = "objectstore.bucket";
    private static final String BUCKET = "BUCKET";

    private final DevEnvironment environment;
    private final PackageCheck packages;
    private final TimeSource time;

    public DevDeployment(DevEnvironment environment, PackageCheck packages, TimeSource time) {
        this.environment = environment;
        this.packages = packages;
        this.time = time;
    }

    /**
     * Checks what can be checked before there is an environment: the manifests, their packages and
     * handlers.
     *
     * @throws MillraceException with what is wrong with the first of them that is
     */
    public static void check(List<Path> files, Map<String, String> process, PackageCheck packages) {
        var reader =
                new ManifestReader(
                        new TopicNames(DevEnvironment.TOPIC_PREFIX),
                        ManifestVariables.placeholders(process));
        for (Path file : files) {
            Manifest manifest = reader.read(file);
            PackageCheck.requireJar(manifest.code());
            packages.verify(manifest);
        }
    }

    /** Reads manifests, with the environment's addresses as variables. */
    public List<Manifest> read(List<Path> files, Map<String, String> process) {
        var reader = new ManifestReader(names(), ManifestVariables.of(environment, process));
        return files.stream().map(reader::read).toList();
    }

    /**
     * Makes buckets, topics, functions, triggers and sources; what is there already stays.
     *
     * @param tell gets one line for each thing that was done
     */
    public void deploy(List<Manifest> manifests, Consumer<String> tell) {
        try (var store = environment.objectStore()) {
            for (String bucket : buckets(manifests)) {
                store.makeBucket(bucket);
            }
        }
        new Deployer(
                        new DeployTarget(
                                cluster(),
                                environment.schemaRegistryUrl().toString(),
                                environment.connectUrl().toString(),
                                names(),
                                DevEnvironment.PARTITIONS,
                                1),
                        packages,
                        time)
                .deploy(manifests, tell);
    }

    public Cluster cluster() {
        return new Cluster(environment.bootstrapServers(), Map.of());
    }

    public TopicNames names() {
        return new TopicNames(DevEnvironment.TOPIC_PREFIX);
    }

    /** Buckets that sources read and that functions are told of by a setting named for a bucket. */
    public static Set<String> buckets(List<Manifest> manifests) {
        Set<String> buckets = new TreeSet<>();
        for (Manifest manifest : manifests) {
            manifest.sources().forEach(source -> buckets.addAll(sourceBuckets(source)));
            buckets.addAll(functionBuckets(manifest));
        }
        return buckets;
    }

    /** Buckets that the source reads. */
    public static List<String> sourceBuckets(Manifest.Source source) {
        String bucket = source.config().getOrDefault(SOURCE_BUCKET, "");
        return bucket.isBlank() ? List.of() : List.of(bucket);
    }

    /** Buckets that the function is told of. */
    public static List<String> functionBuckets(Manifest manifest) {
        return manifest.environment().entrySet().stream()
                .filter(setting -> setting.getKey().contains(BUCKET))
                .map(Map.Entry::getValue)
                .filter(bucket -> !bucket.isBlank())
                .toList();
    }
}
