package io.millrace.connectors.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.connectors.contract.FakeWorker;

import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** The connector against a real S3 server. */
@Timeout(120)
final class ObjectStoreSourceS3Test {
    @TempDir static Path folder;
    private static S3ProxyServer server;
    private static S3Client s3;

    private final FakeWorker worker = new FakeWorker();
    private final List<ObjectStoreSourceTask> tasks = new ArrayList<>();
    private final Map<String, String> config = new HashMap<>();
    private String bucket = "";

    @BeforeAll
    static void startServer() {
        server = new S3ProxyServer(folder);
        s3 = server.client();
    }

    @AfterAll
    static void stopServer() {
        s3.close();
        server.close();
    }

    @BeforeEach
    void makeBucket(TestInfo test) {
        String name = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
        bucket = name.substring(0, Math.min(40, name.length()));
        s3.createBucket(request -> request.bucket(bucket));
        config.putAll(
                Map.of(
                        "name",
                        "objects",
                        "connector.class",
                        ObjectStoreSourceConnector.class.getName(),
                        "objectstore.endpoint",
                        server.endpoint(),
                        "objectstore.access.key",
                        S3ProxyServer.ACCESS_KEY,
                        "objectstore.secret.key",
                        S3ProxyServer.SECRET_KEY,
                        "objectstore.bucket",
                        bucket,
                        "objectstore.poll.interval.ms",
                        "10",
                        "topic",
                        "objects"));
    }

    @AfterEach
    void stopTasks() {
        tasks.forEach(ObjectStoreSourceTask::stop);
    }

    @Test
    void shouldTellOfCreatedThenOverwrittenObjects() throws InterruptedException {
        put("a.txt", "one");
        put("folder/b.txt", "two");
        put("empty", "");
        put("folder/", "");
        ObjectStoreSourceTask task = started();
        List<SourceRecord> created = untilQuiet(task);
        put("a.txt", "three");
        List<SourceRecord> overwritten = untilQuiet(task);

        assertThat(texts(created))
                .containsExactly("CREATED a.txt", "CREATED empty", "CREATED folder/b.txt");
        assertThat(texts(overwritten)).containsExactly("OVERWRITTEN a.txt");
        assertThat(overwritten.get(0).key()).isEqualTo(bucket + "/a.txt");
        Struct value = (Struct) overwritten.get(0).value();
        assertThat(value.getInt64("size")).isEqualTo(5);
        // MD5 of "three": the entity tag comes without the quotes of the protocol.
        assertThat(value.getString("eTag")).isEqualTo("35d6d33467aae9a2e3dccb4b6b027878");
        assertThat(value.getString("endpoint")).isEqualTo(server.endpoint());
        assertThat(value.get("lastModified")).isNotNull();
    }

    @Test
    void shouldReadMoreObjectsThanOnePageHolds() throws InterruptedException {
        server.fill(bucket, 1_050);

        List<SourceRecord> records = untilQuiet(started());

        assertThat(texts(records))
                .containsExactlyElementsOf(
                        IntStream.range(0, 1_050)
                                .mapToObj(i -> String.format("CREATED k%05d", i))
                                .toList());
    }

    @Test
    void shouldRepeatOnlyWhatWasNotDeliveredAfterARestart() throws InterruptedException {
        config.put("objectstore.page.size", "2");
        IntStream.range(0, 6).forEach(i -> put("k" + i, "x"));
        ObjectStoreSourceTask task = started();
        worker.deliver(List.copyOf(orEmpty(task.poll())));
        orEmpty(task.poll());
        task.stop();
        put("k9", "while stopped");

        List<SourceRecord> afterRestart = untilQuiet(started());
        List<SourceRecord> afterAnother = untilQuiet(started());

        assertThat(texts(afterRestart))
                .containsExactly(
                        "CREATED k2", "CREATED k3", "CREATED k4", "CREATED k5", "CREATED k9");
        assertThat(afterAnother).isEmpty();
    }

    @Test
    void shouldTellOfAnObjectThatWasDeletedBetweenTwoListings() throws InterruptedException {
        put("a", "x");
        put("b", "x");
        ObjectStoreSourceTask task = started();
        untilQuiet(task);
        s3.deleteObject(request -> request.bucket(bucket).key("a"));
        put("c", "x");

        assertThat(texts(untilQuiet(task))).containsExactly("CREATED c", "DELETED a");
    }

    @Test
    void shouldTellOfOddKeysThatWereDeletedWhileNobodyLooked() throws InterruptedException {
        List<String> keys = List.of("100%25 + & = ?", "Ünïcode/日本/😀.txt", "line\nbreak");
        keys.forEach(key -> put(key, "x"));
        put("stays", "x");
        untilQuiet(started());
        keys.forEach(key -> s3.deleteObject(request -> request.bucket(bucket).key(key)));

        List<SourceRecord> records = untilQuiet(started());

        assertThat(texts(records))
                .containsExactlyInAnyOrderElementsOf(
                        keys.stream().map(key -> "DELETED " + key).toList());
    }

    @Test
    void shouldTakeOddKeysAsTheyAre() throws InterruptedException {
        List<String> keys =
                List.of(
                        " leading blank",
                        "100%25 + & = ?",
                        "Ünïcode/日本/😀.txt",
                        "line\nbreak",
                        "quote\"'<>&amp;");
        keys.forEach(key -> put(key, "x"));

        List<SourceRecord> records = untilQuiet(started());

        assertThat(records.stream().map(each -> ((Struct) each.value()).getString("key")))
                .containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void shouldLookAtThePrefixOnly() throws InterruptedException {
        config.put("objectstore.prefix", "in/");
        put("in/a", "x");
        put("out/a", "x");

        assertThat(texts(untilQuiet(started()))).containsExactly("CREATED in/a");
    }

    @Test
    void shouldGoOnWhenTheStoreIsBack() throws InterruptedException {
        put("a", "x");
        ObjectStoreSourceTask task = started();
        untilQuiet(task);
        put("b", "x");
        server.stop();
        List<SourceRecord> whileDown;
        try {
            whileDown = orEmpty(task.poll());
        } finally {
            server.startAgain();
        }

        List<SourceRecord> afterwards = new ArrayList<>();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> {
                    afterwards.addAll(orEmpty(task.poll()));
                    assertThat(texts(afterwards)).containsExactly("CREATED b");
                });
        assertThat(whileDown).isEmpty();
    }

    @Test
    void shouldSayThatTheBucketIsMissing() {
        config.put("objectstore.bucket", "no-such-bucket");
        ObjectStoreSourceTask task = started();

        assertThatThrownBy(task::poll)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("Bucket 'no-such-bucket' does not exist")
                .hasMessageContaining("objectstore.bucket");
        assertThat(errors()).containsOnlyKeys("objectstore.bucket");
    }

    @Test
    void shouldFailWhenTheBucketIsRemovedWhileItIsRead() throws InterruptedException {
        ObjectStoreSourceTask task = started();
        untilQuiet(task);
        s3.deleteBucket(request -> request.bucket(bucket));

        assertThatThrownBy(() -> untilQuiet(task))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("does not exist");
    }

    @Test
    void shouldSayThatTheSecretKeyIsWrongAndNotShowIt() {
        config.put("objectstore.secret.key", "not-the-secret");
        ObjectStoreSourceTask task = started();

        assertThatThrownBy(task::poll)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("objectstore.secret.key")
                .hasMessageNotContaining("not-the-secret");
        assertThat(errors()).containsOnlyKeys("objectstore.secret.key");
    }

    @Test
    void shouldSayThatTheAccessKeyIsUnknown() {
        config.put("objectstore.access.key", "nobody");

        assertThat(errors()).containsOnlyKeys("objectstore.access.key");
    }

    @Test
    void shouldFindNoErrorInARightConfiguration() {
        assertThat(errors()).isEmpty();
    }

    @Test
    void shouldNotBlameTheConfigurationForAStoreThatIsDown() {
        config.put("objectstore.endpoint", "http://127.0.0.1:1");

        assertThat(errors()).isEmpty();
    }

    private Map<String, List<String>> errors() {
        Map<String, List<String>> errors = new HashMap<>();
        for (ConfigValue value : new ObjectStoreSourceConnector().validate(config).configValues()) {
            if (!value.errorMessages().isEmpty()) {
                errors.put(value.name(), value.errorMessages());
            }
        }
        return errors;
    }

    private ObjectStoreSourceTask started() {
        ObjectStoreSourceTask task = new ObjectStoreSourceTask();
        tasks.add(task);
        task.initialize(worker);
        task.start(config);
        return task;
    }

    /** Polls and delivers until several listings in a row brought nothing. */
    private List<SourceRecord> untilQuiet(ObjectStoreSourceTask task) throws InterruptedException {
        List<SourceRecord> records = new ArrayList<>();
        for (int quiet = 0; quiet < 4; quiet++) {
            List<SourceRecord> polled = orEmpty(task.poll());
            if (!polled.isEmpty()) {
                quiet = 0;
                worker.deliver(polled);
                records.addAll(polled);
            }
        }
        return records;
    }

    private void put(String key, String text) {
        s3.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromString(text));
    }

    private static List<SourceRecord> orEmpty(
            @org.jspecify.annotations.Nullable List<SourceRecord> records) {
        return records == null ? List.of() : records;
    }

    private static List<String> texts(List<SourceRecord> records) {
        return records.stream()
                .map(record -> (Struct) record.value())
                .map(value -> value.getString("kind") + " " + value.getString("key"))
                .toList();
    }
}
