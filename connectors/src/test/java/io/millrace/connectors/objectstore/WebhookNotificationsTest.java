package io.millrace.connectors.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.connectors.contract.FakeWorker;
import io.millrace.connectors.queue.RepeatWindow;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** Notifications by posts, over a real connection. */
@Timeout(60)
final class WebhookNotificationsTest {
    private static final RecordMetadata DELIVERED =
            new RecordMetadata(new TopicPartition("objects", 0), 0, 0, 0, 0, 0);

    private final FakeWorker worker = new FakeWorker();
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<ObjectNotificationSourceTask> tasks = new ArrayList<>();
    private final AtomicReference<WebhookNotifications> webhook = new AtomicReference<>();
    private final Map<String, String> config =
            new HashMap<>(
                    Map.of(
                            "notification.transport", "webhook",
                            "notification.webhook.token", "hush",
                            "dead.letter.topic", "dead",
                            "topic", "objects"));

    @AfterEach
    void stop() {
        tasks.forEach(ObjectNotificationSourceTask::stop);
    }

    @Test
    void shouldAnswerOnlyWhenTheRecordIsCommitted() throws InterruptedException, IOException {
        ObjectNotificationSourceTask task = started();
        CompletableFuture<HttpResponse<Void>> answer = post("a", "Bearer hush");
        List<SourceRecord> records = records(task);
        boolean early = answer.isDone();

        commit(task, records);

        assertThat(early).isFalse();
        assertThat(answer.join().statusCode()).isEqualTo(200);
        assertThat(records).hasSize(1);
        assertThat(records.get(0).key()).isEqualTo("photos/a");
    }

    @Test
    void shouldTellOnceOfAPostThatIsRepeatedBeforeAndAfterARestart()
            throws InterruptedException, IOException {
        ObjectNotificationSourceTask task = started();
        CompletableFuture<HttpResponse<Void>> first = post("a", "hush");
        List<SourceRecord> records = records(task);
        CompletableFuture<HttpResponse<Void>> whileUnderWay = post("a", "hush");
        await().pollDelay(Duration.ofMillis(200)).until(() -> !whileUnderWay.isDone());
        commit(task, records);
        CompletableFuture<HttpResponse<Void>> afterwards = post("a", "hush");
        pollUntilDone(task, afterwards);
        task.stop();
        ObjectNotificationSourceTask restarted = started();
        CompletableFuture<HttpResponse<Void>> afterRestart = post("a", "hush");

        List<SourceRecord> repeated = pollUntilDone(restarted, afterRestart);

        assertThat(List.of(first, whileUnderWay, afterwards, afterRestart))
                .allMatch(answer -> answer.join().statusCode() == 200);
        assertThat(repeated).isEmpty();
    }

    @Test
    void shouldRefuseAWrongTokenPathMethodAndSize() throws InterruptedException, IOException {
        config.put("notification.webhook.body.max.bytes", "1000");
        ObjectNotificationSourceTask task = started();

        assertThat(post("a", "Bearer wrong").join().statusCode()).isEqualTo(401);
        assertThat(post("x".repeat(1_000), "hush").join().statusCode()).isEqualTo(413);
        assertThat(send("/elsewhere", "POST").statusCode()).isEqualTo(404);
        assertThat(send("/notifications", "DELETE").statusCode()).isEqualTo(405);
        assertThat(send("/notifications", "HEAD").statusCode()).isEqualTo(200);
        assertThat(task.poll()).isNull();
    }

    @Test
    void shouldSayThatItIsBusyWhenSoManyAreUnderWay() throws InterruptedException, IOException {
        config.put("notification.webhook.requests.max", "1");
        ObjectNotificationSourceTask task = started();
        CompletableFuture<HttpResponse<Void>> first = post("a", "hush");
        List<SourceRecord> records = records(task);

        HttpResponse<Void> second = post("b", "hush").join();

        assertThat(second.statusCode()).isEqualTo(503);
        assertThat(second.headers().firstValue("Retry-After")).hasValue("1");
        commit(task, records);
        assertThat(first.join().statusCode()).isEqualTo(200);
    }

    @Test
    void shouldNotAnswerWithSuccessWhenItStopsBeforeTheCommit()
            throws InterruptedException, IOException {
        ObjectNotificationSourceTask task = started();
        CompletableFuture<HttpResponse<Void>> answer = post("a", "hush");
        records(task);

        task.stop();

        assertThat(answer.handle((response, failure) -> failure == null && is200(response)).join())
                .isFalse();
    }

    @Test
    void shouldSendAPostThatIsNoNotificationToTheDeadLetters()
            throws InterruptedException, IOException {
        ObjectNotificationSourceTask task = started();
        CompletableFuture<HttpResponse<Void>> answer = post("\"", "hush");

        List<SourceRecord> records = records(task);
        commit(task, records);

        assertThat(records.get(0).topic()).isEqualTo("dead");
        assertThat(answer.join().statusCode()).isEqualTo(200);
    }

    private static boolean is200(HttpResponse<Void> response) {
        return response.statusCode() == 200;
    }

    private ObjectNotificationSourceTask started() throws InterruptedException, IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            config.put("notification.webhook.port", Integer.toString(socket.getLocalPort()));
        }
        ObjectNotificationSourceTask task =
                new ObjectNotificationSourceTask(
                        InstantSource.system(),
                        (parsed, properties, context) -> {
                            RepeatWindow window =
                                    RepeatWindow.load(
                                            "webhook",
                                            parsed.repeatMessages(),
                                            parsed.repeatAge(),
                                            context.offsetStorageReader(),
                                            InstantSource.system());
                            webhook.set(new WebhookNotifications(parsed, window));
                            return webhook.get();
                        });
        tasks.add(task);
        task.initialize(worker);
        task.start(config);
        // The first poll opens the port.
        task.poll();
        return task;
    }

    private void commit(ObjectNotificationSourceTask task, List<SourceRecord> records) {
        worker.deliver(records);
        records.forEach(record -> task.commitRecord(record, DELIVERED));
    }

    private static List<SourceRecord> records(ObjectNotificationSourceTask task)
            throws InterruptedException {
        List<SourceRecord> records = task.poll();
        while (records == null) {
            records = task.poll();
        }
        return records;
    }

    private static List<SourceRecord> pollUntilDone(
            ObjectNotificationSourceTask task, CompletableFuture<?> answer)
            throws InterruptedException {
        List<SourceRecord> records = new ArrayList<>();
        while (!answer.isDone()) {
            List<SourceRecord> polled = task.poll();
            records.addAll(polled == null ? List.of() : polled);
        }
        return records;
    }

    private CompletableFuture<HttpResponse<Void>> post(String key, String authorization) {
        HttpRequest request =
                HttpRequest.newBuilder(url("/notifications"))
                        .header("Authorization", authorization)
                        .POST(HttpRequest.BodyPublishers.ofString(message(key)))
                        .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
    }

    private static String message(String key) {
        return "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":"
                + "{\"name\":\"photos\"},\"object\":{\"key\":\""
                + key
                + "\"}}}]}";
    }

    private HttpResponse<Void> send(String path, String method)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(url(path))
                        .header("Authorization", "hush")
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding());
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:" + webhook.get().port() + path);
    }
}
