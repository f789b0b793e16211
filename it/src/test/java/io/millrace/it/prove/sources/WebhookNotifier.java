package io.millrace.it.prove.sources;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/**
 * A store that posts notifications and repeats each until it gets a 200. Each of several senders
 * has objects of its own, so that an object's posts come one after the other.
 */
final class WebhookNotifier {
    private static final int SENDERS = 16;

    private final URI url;
    private final String token;
    private final int number;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    WebhookNotifier(URI url, String token, int number) {
        this.url = url;
        this.token = token;
        this.number = number;
    }

    /** Posts everything; gives what was posted, in the order of each object. */
    List<Change> run() {
        List<CompletableFuture<List<Change>>> senders = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < SENDERS; i++) {
                int sender = i;
                senders.add(CompletableFuture.supplyAsync(() -> send(sender), threads));
            }
            return senders.stream().flatMap(each -> each.join().stream()).toList();
        }
    }

    private List<Change> send(int sender) {
        List<Change> done = new ArrayList<>();
        for (int i = sender; i < number; i += SENDERS) {
            String key = "sender" + sender + "/object" + (i / SENDERS % 7);
            String body = NotificationJson.message(TopicNotifier.BUCKET, List.of(key), List.of(i));
            await("a post is taken")
                    .atMost(Duration.ofMinutes(5))
                    .pollInterval(Duration.ofMillis(50))
                    .pollDelay(Duration.ZERO)
                    .until(() -> post(body) == 200);
            done.add(new Change(TopicNotifier.BUCKET + "/" + key, NotificationJson.version(i)));
        }
        return done;
    }

    /** The status; 0 without an answer. */
    private int post(String body) {
        HttpRequest request =
                HttpRequest.newBuilder(url)
                        .header("Authorization", "Bearer " + token)
                        .timeout(Duration.ofSeconds(20))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
