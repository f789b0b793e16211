package io.millrace.it.prove.sources;

import static org.awaitility.Awaitility.await;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntSupplier;

/**
 * A store that puts notifications on a topic: several of one message, some messages twice, some
 * late, some that are none, and some in transactions that are aborted.
 *
 * <p>Threading: one thread runs it; {@code done} after its end.
 */
final class TopicNotifier implements Runnable {
    static final String BUCKET = "notified";

    private final String servers;
    private final String topic;
    private final int number;
    private final IntSupplier told;
    private final Random random = new Random(42);
    private final List<Change> done = new ArrayList<>();
    private int malformed;

    /**
     * @param told how many are told of by now; it does not run far ahead of it
     */
    TopicNotifier(String servers, String topic, int number, IntSupplier told) {
        this.servers = servers;
        this.topic = topic;
        this.number = number;
        this.told = told;
    }

    List<Change> done() {
        return done;
    }

    int malformed() {
        return malformed;
    }

    @Override
    public void run() {
        Map<String, Object> settings =
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        servers,
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        "prove-notifier",
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        300_000,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        300_000);
        try (Producer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            while (done.size() < number) {
                awaitRoom();
                transaction(producer);
            }
        }
    }

    private void awaitRoom() {
        await("notifications are told of")
                .atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> done.size() - told.getAsInt() < number / 10);
    }

    private void transaction(Producer<String, String> producer) {
        producer.beginTransaction();
        if (random.nextInt(10) == 0) {
            var _ =
                    producer.send(
                            new ProducerRecord<>(
                                    topic, "k", message(List.of("aborted"), 1_000_000)));
            producer.abortTransaction();
            return;
        }
        for (int i = 0; i < 10 && done.size() < number; i++) {
            String key = "folder/object " + random.nextInt(200);
            int first = done.size();
            List<String> keys = new ArrayList<>();
            int records = Math.min(1 + random.nextInt(3), number - first);
            for (int r = 0; r < records; r++) {
                keys.add(key);
                done.add(new Change(BUCKET + "/" + key, NotificationJson.version(first + r)));
            }
            String message = message(keys, first);
            var _ = producer.send(new ProducerRecord<>(topic, key, message));
            if (random.nextInt(8) == 0) {
                var _ = producer.send(new ProducerRecord<>(topic, key, message));
            }
            if (random.nextInt(50) == 0) {
                var _ =
                        producer.send(
                                new ProducerRecord<>(topic, key, "{\"no\":\"notification\"}"));
                malformed++;
            }
        }
        producer.commitTransaction();
    }

    private static String message(List<String> keys, int first) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            numbers.add(first + i);
        }
        return NotificationJson.message(BUCKET, keys, numbers);
    }
}
