package io.millrace.engine.cluster;

import io.millrace.engine.config.EngineConfig;
import io.millrace.schemas.registry.RegistryConfig;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * A Kafka cluster and how to reach it: the maker of the control plane's clients.
 *
 * <p>Consumers see committed records only and commit nothing; producers are idempotent and wait for
 * all replicas. Every call of a client ends within {@link #CALL_TIMEOUT}.
 *
 * @param settings for every client, security above all; may hold secrets, so {@link #toString}
 *     shows the names only
 */
public record Cluster(String bootstrapServers, Map<String, String> settings) {
    /** Longest wait for an answer of the cluster. */
    public static final Duration CALL_TIMEOUT = Duration.ofSeconds(15);

    /** Largest record the engine writes: Lambda's bound on a payload, and room for headers. */
    public static final int MAX_RECORD_BYTES = 8 * 1024 * 1024;

    private static final int REQUEST_TIMEOUT_MS = 10_000;

    public Cluster {
        settings = Map.copyOf(settings);
    }

    /** The cluster of an engine node. */
    public static Cluster of(EngineConfig config) {
        return new Cluster(config.bootstrapServers(), config.kafka());
    }

    /** An admin client. The caller closes it. */
    public Admin admin(String clientId) {
        Map<String, Object> config = common(clientId);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) CALL_TIMEOUT.toMillis());
        try {
            Properties properties = new Properties();
            properties.putAll(config);
            return Admin.create(properties);
        } catch (KafkaException e) {
            throw KafkaFailures.of(this, "cannot make a Kafka client", e);
        }
    }

    /** A consumer without group that reads from the start of what it is assigned. */
    public Consumer<byte[], byte[]> consumer(String clientId) {
        return consumer(clientId, Map.of());
    }

    /** A consumer as {@link #consumer(String)} whose offsets are kept for a group. */
    public Consumer<byte[], byte[]> consumer(String clientId, String group) {
        return consumer(clientId, Map.of(ConsumerConfig.GROUP_ID_CONFIG, group));
    }

    private Consumer<byte[], byte[]> consumer(String clientId, Map<String, Object> more) {
        Map<String, Object> config = common(clientId);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) CALL_TIMEOUT.toMillis());
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.remove(ConsumerConfig.GROUP_ID_CONFIG);
        config.putAll(more);
        try {
            return new KafkaConsumer<>(
                    config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        } catch (KafkaException e) {
            throw KafkaFailures.of(this, "cannot make a Kafka client", e);
        }
    }

    /** A producer without transactions. */
    public Producer<byte[], byte[]> producer(String clientId) {
        return producer(clientId, Map.of());
    }

    /** A producer that writes in transactions under the given id. */
    public Producer<byte[], byte[]> transactionalProducer(String clientId, String id) {
        return producer(
                clientId,
                Map.of(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        id,
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        (int) CALL_TIMEOUT.multipliedBy(2).toMillis()));
    }

    private Producer<byte[], byte[]> producer(String clientId, Map<String, Object> more) {
        Map<String, Object> config = common(clientId);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, CALL_TIMEOUT.toMillis());
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) CALL_TIMEOUT.toMillis());
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_RECORD_BYTES);
        config.putAll(more);
        try {
            return new KafkaProducer<>(
                    config, new ByteArraySerializer(), new ByteArraySerializer());
        } catch (KafkaException e) {
            throw KafkaFailures.of(this, "cannot make a Kafka client", e);
        }
    }

    /**
     * A client of the schema registry; credentials and TLS files come from the settings. The caller
     * closes it.
     */
    public SchemaRegistryClient schemaRegistry(String urls) {
        Map<String, Object> config = new HashMap<>(settings);
        config.put(RegistryConfig.URL, urls);
        try {
            return new SchemaRegistryClient(RegistryConfig.from(config));
        } catch (RegistryException e) {
            throw SchemaFailures.of(e);
        }
    }

    private Map<String, Object> common(String clientId) {
        Map<String, Object> config = new HashMap<>(settings);
        config.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(AdminClientConfig.CLIENT_ID_CONFIG, clientId);
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        return config;
    }

    @Override
    public String toString() {
        return bootstrapServers + " settings=" + new TreeMap<>(settings).keySet();
    }
}
