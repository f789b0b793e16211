package io.millrace.it.prove.sources;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;

import io.millrace.it.prove.Check;

import software.amazon.awssdk.services.s3.S3Client;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Objects of a bucket that are created, overwritten and deleted, told of by listings; then a large
 * bucket.
 */
public final class ObjectStoreScenario implements SourceScenario {
    private static final String BUCKET = "proof";
    private static final String TOPIC = "objects";

    @Override
    public String name() {
        return "objectstore";
    }

    @Override
    public void run(SourceBed bed) throws InterruptedException, ExecutionException {
        S3ProxyProcess store = bed.closing(S3ProxyProcess.start(bed.folder("store")));
        S3Client s3 = bed.closing(store.client());
        ConnectWorker worker = bed.startWorker("worker");
        changes(bed, store, s3, worker);
        largeBucket(bed, store, s3, worker);
    }

    private static void changes(
            SourceBed bed, S3ProxyProcess store, S3Client s3, ConnectWorker worker)
            throws InterruptedException, ExecutionException {
        s3.createBucket(request -> request.bucket(BUCKET));
        bed.createTopic(TOPIC, 4, Map.of());
        Map<String, String> config = config(store, BUCKET, TOPIC, "50");
        // S3Proxy lists the file that an upload goes to, under the object's key and a random part.
        config.put("objectstore.suffixes", ".dat");
        worker.rest().create(TOPIC, config);
        worker.rest().awaitRunning(TOPIC);
        TopicReader forChanges = bed.reader(TOPIC);
        TopicReader reader = bed.reader(TOPIC);
        BucketChanges changes = new BucketChanges(s3, BUCKET, forChanges, bed.changes());
        long began = System.nanoTime();
        CompletableFuture<Void> changing = CompletableFuture.runAsync(changes);
        Kills kills =
                Kills.of(worker, reader::count, bed.changes())
                        .andOnce(() -> changes.excluding(store::restart));
        bed.check(kills.run());
        changing.get();
        await("all changes are told of")
                .atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> reader.count() >= changes.done().size());
        double seconds = (System.nanoTime() - began) / 1e9;
        bed.figure("changes told of under faults", changes.done().size() / seconds, "1/s");
        // One more listing brings what must not come.
        worker.rest().stop(TOPIC);
        ChangeReading reading = new ChangeReading();
        bed.checkAll(
                ExactlyOnceCheck.judge(
                        changes.done(), reader.toEnd(), record -> reading.read(reader, record)));
        bed.check(sameState(reading.states(), listed(s3)));
        List<JsonNode> offsets = worker.rest().offsets(TOPIC);
        bed.figure("source partitions", offsets.size(), "");
        bed.figure("objects at the end", changes.objects().size(), "");
        bed.check(
                new Check(
                        "the source offsets can be read",
                        "chunks of " + BUCKET,
                        String.valueOf(offsets.size()),
                        !offsets.isEmpty()
                                && offsets.stream().allMatch(ObjectStoreScenario::isChunk)));
    }

    private static void largeBucket(
            SourceBed bed, S3ProxyProcess store, S3Client s3, ConnectWorker worker)
            throws InterruptedException, ExecutionException {
        int objects = bed.isQuick() ? 5_000 : 100_000;
        s3.createBucket(request -> request.bucket("large"));
        store.fill("large", objects);
        bed.createTopic("large", 1, Map.of());
        long began = System.nanoTime();
        worker.rest().create("large", config(store, "large", "large", "1000"));
        TopicReader reader = bed.reader("large");
        await("the first listing of the large bucket")
                .atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> reader.count() >= objects);
        bed.figure("first listing of " + objects, (System.nanoTime() - began) / 1e9, "s");
        worker.kill();
        worker.restart();
        s3.deleteObject(request -> request.bucket("large").key("object-0000017"));
        await("a change after a restart")
                .atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> reader.count() > objects);
        worker.rest().stop("large");
        bed.check(
                new Check(
                        "nothing of the large bucket is told of twice after a kill",
                        String.valueOf(objects + 1),
                        String.valueOf(reader.count()),
                        reader.count() == objects + 1));
        bed.figure("source partitions", worker.rest().offsets("large").size(), "");
    }

    private static Map<String, String> config(
            S3ProxyProcess store, String bucket, String topic, String pageSize) {
        Map<String, String> config = new HashMap<>(store.settings());
        config.put(
                "connector.class", "io.millrace.connectors.objectstore.ObjectStoreSourceConnector");
        config.put("exactly.once.support", "required");
        config.put("objectstore.bucket", bucket);
        config.put("objectstore.poll.interval.ms", "100");
        config.put("objectstore.page.size", pageSize);
        config.put("topic", topic);
        return config;
    }

    /** Compares what was told with what the server says. */
    static Check sameState(Map<String, String> told, Map<String, String> listed) {
        Map<String, String> differences = new TreeMap<>();
        listed.forEach((key, eTag) -> {
            if (!eTag.equals(told.get(key))) {
                differences.put(key, told.get(key) + " was told, " + eTag + " is there");
            }
        });
        told.forEach((key, eTag) -> {
            if (!listed.containsKey(key)) {
                differences.put(key, eTag + " was told, nothing is there");
            }
        });
        return Check.none(
                "what was told ends as the bucket is",
                "the state of all " + listed.size(),
                differences.entrySet().stream().map(String::valueOf).toList());
    }

    private static Map<String, String> listed(S3Client s3) {
        Map<String, String> objects = new HashMap<>();
        s3.listObjectsV2Paginator(request -> request.bucket(BUCKET))
                .contents()
                .forEach(object ->
                        objects.put(BUCKET + "/" + object.key(), object.eTag().replace("\"", "")));
        return objects;
    }

    private static boolean isChunk(JsonNode offset) {
        return offset.path("partition").path("bucket").asText().equals(BUCKET)
                && offset.path("partition").path("chunk").isTextual()
                && offset.path("offset").path("count").isNumber();
    }
}
