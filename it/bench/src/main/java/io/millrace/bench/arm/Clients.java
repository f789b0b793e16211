package io.millrace.bench.arm;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.util.HashMap;
import java.util.Map;

/** Kafka clients of the arms that make their own. */
final class Clients {
    private Clients() {}

    static Consumer<byte[], byte[]> consumer(ArmTask task) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, task.bootstrapServers());
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, task.group());
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        if (task.settings().containsKey("static")) {
            // As the product: a member that comes back within the session goes on at once.
            settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, task.text("node", "bench"));
            settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
            settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_000);
        }
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, task.number("max.poll.records", 1000));
        return new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    static Producer<byte[], byte[]> producer(ArmTask task, boolean transactional) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, task.bootstrapServers());
        settings.put(ProducerConfig.LINGER_MS_CONFIG, task.number("linger.ms", 5));
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, task.number("batch.size", 131_072));
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        if (transactional) {
            settings.put(
                    ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                    task.group() + "-tx-" + task.text("node", ""));
        }
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
