package io.millrace.it.prove.sources;

import static org.awaitility.Awaitility.await;

import io.millrace.it.prove.Check;

import org.apache.avro.generic.GenericRecord;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Notifications of a store: on a topic, and posted to a URL. */
public final class ObjectNotificationScenario implements SourceScenario {
    private static final String NOTIFICATIONS = "store-notifications";
    private static final String DEAD_LETTERS = "notification-dead-letters";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Override
    public String name() {
        return "objectnotifications";
    }

    @Override
    public void run(SourceBed bed) throws IOException, InterruptedException, ExecutionException {
        ConnectWorker worker = bed.startWorker("worker");
        bed.createTopic(DEAD_LETTERS, 1, Map.of());
        topic(bed, worker);
        webhook(bed, worker);
    }

    private static void topic(SourceBed bed, ConnectWorker worker)
            throws InterruptedException, ExecutionException {
        bed.createTopic(NOTIFICATIONS, 3, Map.of());
        bed.createTopic("notified", 4, Map.of());
        Map<String, String> config = config("kafka", "notified");
        config.put("notification.kafka.bootstrap.servers", bed.bootstrapServers());
        config.put("notification.kafka.topic", NOTIFICATIONS);
        worker.rest().create("notified", config);
        worker.rest().awaitRunning("notified");
        TopicReader forNotifier = bed.reader("notified");
        TopicReader reader = bed.reader("notified");
        TopicNotifier notifier =
                new TopicNotifier(
                        bed.bootstrapServers(),
                        NOTIFICATIONS,
                        bed.changes(),
                        () -> Math.toIntExact(forNotifier.count()));
        long began = System.nanoTime();
        CompletableFuture<Void> notifying = CompletableFuture.runAsync(notifier);
        Kills kills =
                Kills.of(worker, reader::count, bed.changes())
                        .andOnce(() -> {
                            bed.broker().kill();
                            bed.broker().restart();
                        });
        bed.check(kills.run());
        notifying.get();
        await("all notifications are told of")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> reader.count() >= notifier.done().size());
        bed.figure(
                "notifications on a topic, under faults",
                notifier.done().size() / ((System.nanoTime() - began) / 1e9),
                "1/s");
        TopicReader deadLetters = bed.reader(DEAD_LETTERS);
        await("all dead letters are there")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> deadLetters.count() >= notifier.malformed());
        worker.rest().stop("notified");
        judge(bed, reader, notifier.done(), "topic");
        bed.check(
                new Check(
                        "what is no notification is a dead letter, once",
                        String.valueOf(notifier.malformed()),
                        String.valueOf(deadLetters.count()),
                        deadLetters.count() == notifier.malformed()));
    }

    private static void webhook(SourceBed bed, ConnectWorker worker)
            throws IOException, InterruptedException, ExecutionException {
        bed.createTopic("posted", 4, Map.of());
        int port = freePort();
        Map<String, String> config = config("webhook", "posted");
        config.put("notification.webhook.port", Integer.toString(port));
        config.put("notification.webhook.token", "prove-token");
        worker.rest().create("posted", config);
        worker.rest().awaitRunning("posted");
        TopicReader reader = bed.reader("posted");
        URI url = URI.create("http://127.0.0.1:" + port + "/notifications");
        WebhookNotifier notifier = new WebhookNotifier(url, "prove-token", bed.changes());
        long began = System.nanoTime();
        CompletableFuture<List<Change>> posting = CompletableFuture.supplyAsync(notifier::run);
        bed.check(Kills.of(worker, reader::count, bed.changes()).run());
        List<Change> posted = posting.get();
        bed.figure(
                "notifications by webhook, under faults",
                posted.size() / ((System.nanoTime() - began) / 1e9),
                "1/s");
        worker.rest().stop("posted");
        judge(bed, reader, posted, "webhook");
    }

    private static void judge(
            SourceBed bed, TopicReader reader, List<Change> expected, String transport) {
        ExactlyOnceCheck.judge(expected, reader.toEnd(), record -> change(reader, record))
                .forEach(check -> bed.check(check.during(transport)));
    }

    private static Change change(TopicReader reader, TopicRecord record) {
        GenericRecord event = (GenericRecord) reader.avro(record);
        return new Change(record.key(), String.valueOf(event.get("versionId")));
    }

    private static Map<String, String> config(String transport, String topic) {
        Map<String, String> config = new HashMap<>();
        config.put(
                "connector.class",
                "io.millrace.connectors.objectstore.ObjectNotificationSourceConnector");
        config.put("exactly.once.support", "required");
        config.put("notification.transport", transport);
        config.put("dead.letter.topic", DEAD_LETTERS);
        config.put("topic", topic);
        return config;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        }
    }
}
