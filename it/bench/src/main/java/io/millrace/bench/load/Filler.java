package io.millrace.bench.load;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Fills a source topic before anything is measured. */
public final class Filler {
    private final String bootstrapServers;

    public Filler(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** Writes all events of the recipe; the topic must be empty. */
    public void fill(String topic, Recipe recipe) {
        Map<String, Object> settings =
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        20,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        256 * 1024,
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        64L * 1024 * 1024);
        byte[][] keys = new byte[recipe.keys()][];
        for (int key = 0; key < keys.length; key++) {
            keys[key] = EventBytes.key(key);
        }
        Queue<Exception> failures = new ConcurrentLinkedQueue<>();
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            recipe.forEach((ordinal, key, sequence, partition, _) -> {
                byte[] value = EventBytes.value(recipe.bytes(), ordinal, key, sequence, 0);
                var _ =
                        producer.send(
                                new ProducerRecord<>(topic, partition, keys[key], value),
                                (_, error) -> {
                                    if (error != null) {
                                        failures.add(error);
                                    }
                                });
            });
            producer.flush();
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException(
                    "topic '" + topic + "' was not filled", failures.peek());
        }
    }
}
