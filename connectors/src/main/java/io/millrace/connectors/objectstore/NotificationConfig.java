package io.millrace.connectors.objectstore;

import io.millrace.connectors.sqs.SqsQueues;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The configuration of the notification source, checked. Threading: immutable. */
final class NotificationConfig {
    static final String TRANSPORT = "notification.transport";
    static final String TOPIC = "topic";
    static final String DEAD_LETTER_TOPIC = "dead.letter.topic";
    static final String BUCKETS = "objectstore.buckets";
    static final String ENDPOINT = ObjectStoreSourceConfig.ENDPOINT;
    static final String KEY_ENCODING = "notification.key.encoding";
    static final String SEQUENCER_WINDOW = "notification.sequencer.window";
    static final String OUTAGE_TIMEOUT = "notification.outage.timeout.ms";
    static final String KAFKA_SERVERS = "notification.kafka.bootstrap.servers";
    static final String KAFKA_TOPIC = "notification.kafka.topic";
    static final String KAFKA_START = "notification.kafka.start";
    static final String KAFKA_CONSUMER = "notification.kafka.consumer.";
    static final String WEBHOOK_HOST = "notification.webhook.host";
    static final String WEBHOOK_PORT = "notification.webhook.port";
    static final String WEBHOOK_PATH = "notification.webhook.path";
    static final String WEBHOOK_TOKEN = "notification.webhook.token";
    static final String WEBHOOK_MAX_BYTES = "notification.webhook.body.max.bytes";
    static final String WEBHOOK_REQUESTS = "notification.webhook.requests.max";
    static final String WEBHOOK_TIMEOUT = "notification.webhook.commit.timeout.ms";
    static final String REPEAT_MESSAGES = "notification.repeat.messages";
    static final String REPEAT_AGE = "notification.repeat.age.ms";

    /** What all keys that only this connector reads begin with, beside the object filter's. */
    static final String KEY_PREFIX = "notification.";

    /** Every key with its default, its documentation and what it allows. */
    static final ConfigDef DEFINITION = NotificationKeys.define();

    /** A way in which notifications come. */
    enum Transport {
        KAFKA,
        WEBHOOK,
        SQS
    }

    /** How keys are written in notifications with 'Records'. */
    enum KeyEncoding {
        AUTO,
        URL,
        NONE
    }

    private final AbstractConfig values;
    private final ObjectFilter filter;
    private final Optional<String> contentType;
    private final Map<String, Object> consumer;
    private final String sqsQueue;

    private NotificationConfig(Map<String, String> properties) {
        this.values = new AbstractConfig(DEFINITION, properties, false);
        this.filter = ObjectFilter.of(values);
        this.contentType = ObjectStoreSourceConfig.contentType(properties);
        this.consumer = consumer(properties);
        this.sqsQueue = properties.getOrDefault(SqsQueues.QUEUES, "");
    }

    /** Reads a connector's configuration; throws {@link ConfigException} for the first fault. */
    static NotificationConfig of(Map<String, String> properties) {
        NotificationConfig config = new NotificationConfig(properties);
        Map<String, String> faults = faults(properties);
        faults.forEach((key, fault) -> {
            throw new ConfigException(fault);
        });
        return config;
    }

    /** What a transport needs and does not find, by key. */
    static Map<String, String> faults(Map<String, String> properties) {
        Map<String, String> faults = new TreeMap<>();
        String transport = properties.getOrDefault(TRANSPORT, "");
        if (transport.equals("kafka")) {
            need(faults, properties, KAFKA_SERVERS, "");
            need(faults, properties, KAFKA_TOPIC, "");
        }
        if (transport.equals("webhook")) {
            need(faults, properties, WEBHOOK_PORT, "0");
            need(faults, properties, DEAD_LETTER_TOPIC, "");
        }
        if (transport.equals("sqs")) {
            need(faults, properties, SqsQueues.QUEUES, "");
        }
        return faults;
    }

    Transport transport() {
        return Transport.valueOf(values.getString(TRANSPORT).toUpperCase(Locale.ROOT));
    }

    String topic() {
        return values.getString(TOPIC);
    }

    Optional<String> deadLetterTopic() {
        return Optional.of(values.getString(DEAD_LETTER_TOPIC)).filter(name -> !name.isEmpty());
    }

    Optional<URI> endpoint() {
        String endpoint = values.getString(ENDPOINT);
        return endpoint.isEmpty() ? Optional.empty() : Optional.of(URI.create(endpoint));
    }

    Optional<String> contentType() {
        return contentType;
    }

    /** Whether a notification becomes an event. */
    boolean wants(ObjectNotification notification) {
        List<String> buckets = values.getList(BUCKETS);
        boolean wantedBucket = buckets.isEmpty() || buckets.contains(notification.bucket());
        return wantedBucket && filter.wants(notification);
    }

    KeyEncoding keyEncoding() {
        return KeyEncoding.valueOf(values.getString(KEY_ENCODING).toUpperCase(Locale.ROOT));
    }

    int sequencerWindow() {
        return number(SEQUENCER_WINDOW);
    }

    Duration outageTimeout() {
        return Duration.ofMillis(values.getLong(OUTAGE_TIMEOUT));
    }

    String kafkaTopic() {
        return values.getString(KAFKA_TOPIC);
    }

    boolean kafkaFromEnd() {
        return values.getString(KAFKA_START).equals("latest");
    }

    /** The settings of the consumer; it has no group and commits nothing. */
    Map<String, Object> consumer() {
        return consumer;
    }

    String webhookHost() {
        return values.getString(WEBHOOK_HOST);
    }

    int webhookPort() {
        return number(WEBHOOK_PORT);
    }

    String webhookPath() {
        return values.getString(WEBHOOK_PATH);
    }

    Optional<Password> webhookToken() {
        return Optional.of(values.getPassword(WEBHOOK_TOKEN)).filter(it -> !it.value().isEmpty());
    }

    int webhookMaxBytes() {
        return number(WEBHOOK_MAX_BYTES);
    }

    int webhookRequests() {
        return number(WEBHOOK_REQUESTS);
    }

    Duration webhookTimeout() {
        return Duration.ofMillis(values.getLong(WEBHOOK_TIMEOUT));
    }

    int repeatMessages() {
        return number(REPEAT_MESSAGES);
    }

    Duration repeatAge() {
        return Duration.ofMillis(values.getLong(REPEAT_AGE));
    }

    /** Where notifications come from, in words. */
    String origin() {
        return switch (transport()) {
            case KAFKA -> "topic " + kafkaTopic();
            case SQS -> "queue " + sqsQueue;
            case WEBHOOK -> webhookHost() + ":" + webhookPort() + webhookPath();
        };
    }

    private int number(String key) {
        return Math.toIntExact(values.getLong(key));
    }

    private Map<String, Object> consumer(Map<String, String> properties) {
        Map<String, Object> settings = new HashMap<>();
        properties.forEach((key, value) -> {
            if (key.startsWith(KAFKA_CONSUMER)) {
                settings.put(key.substring(KAFKA_CONSUMER.length()), value);
            }
        });
        settings.put(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                List.of(values.getString(KAFKA_SERVERS).split(",", -1)));
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        return settings;
    }

    private static void need(
            Map<String, String> faults, Map<String, String> properties, String key, String none) {
        if (properties.getOrDefault(key, none).equals(none)) {
            faults.put(
                    key,
                    "'"
                            + key
                            + "' is missing; "
                            + TRANSPORT
                            + "="
                            + properties.get(TRANSPORT)
                            + " needs it");
        }
    }
}
