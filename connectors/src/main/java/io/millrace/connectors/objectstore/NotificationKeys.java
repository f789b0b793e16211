package io.millrace.connectors.objectstore;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

import java.util.List;

/** The keys of {@link NotificationConfig}: defaults, what they allow, what they mean. */
final class NotificationKeys {
    private NotificationKeys() {}

    static ConfigDef define() {
        ConfigDef keys = new ConfigDef();
        defineEvents(keys);
        ObjectFilter.define(keys, 5);
        defineCommon(keys);
        defineKafka(keys);
        defineWebhook(keys);
        return keys;
    }

    private static void defineEvents(ConfigDef keys) {
        text(
                keys,
                NotificationConfig.TRANSPORT,
                ConfigDef.NO_DEFAULT_VALUE,
                ConfigDef.ValidString.in("kafka", "sqs", "webhook"),
                Importance.HIGH,
                "How notifications come: kafka (the store puts them on a topic), sqs (on a queue,"
                        + " which the sqs. keys of the SQS source name) or webhook (the store"
                        + " posts them to this connector).",
                "Objects");
        text(
                keys,
                NotificationConfig.TOPIC,
                ConfigDef.NO_DEFAULT_VALUE,
                ConfigChecks.TOPIC,
                Importance.HIGH,
                "Topic of the events. It must exist, or the connector must set"
                        + " topic.creation.default.partitions and"
                        + " topic.creation.default.replication.factor: without both an exactly-once"
                        + " task waits in silence.",
                "Objects");
        text(
                keys,
                NotificationConfig.DEAD_LETTER_TOPIC,
                "",
                ConfigChecks.TOPIC_OR_NONE,
                Importance.HIGH,
                "Topic for messages that are no notifications. Empty: such a message fails the"
                        + " task. With webhook it must be set.",
                "Objects");
        keys.define(
                NotificationConfig.BUCKETS,
                ConfigDef.Type.LIST,
                List.of(),
                Importance.MEDIUM,
                "Only objects of these buckets become events. Empty: all.",
                "Objects",
                4,
                Width.MEDIUM,
                "buckets");
        text(
                keys,
                NotificationConfig.ENDPOINT,
                "",
                ConfigChecks.ENDPOINT,
                Importance.MEDIUM,
                "URL of the store that notifies, for the events: notifications do not tell it."
                        + " Empty: AWS S3.",
                "Objects");
    }

    private static void defineCommon(ConfigDef keys) {
        text(
                keys,
                NotificationConfig.KEY_ENCODING,
                "auto",
                ConfigDef.ValidString.in("auto", "url", "none"),
                Importance.LOW,
                "How object keys are written in notifications with 'Records': url (as AWS and MinIO"
                        + " do), none (as Ceph does), or auto: none if the event source says ceph,"
                        + " url otherwise.",
                "Reading");
        number(
                keys,
                NotificationConfig.SEQUENCER_WINDOW,
                10_000,
                ConfigDef.Range.between(1, 1_000_000),
                "Of so many objects the last sequencer is known; an older notification of one of"
                        + " them is dropped. With kafka as many messages of each partition are read"
                        + " again after a restart.");
        number(
                keys,
                NotificationConfig.OUTAGE_TIMEOUT,
                86_400_000,
                ConfigDef.Range.between(0, 31_536_000_000L),
                "Milliseconds for which a transport that does not answer is tried again. After that"
                        + " the task fails.");
    }

    private static void defineKafka(ConfigDef keys) {
        text(
                keys,
                NotificationConfig.KAFKA_SERVERS,
                "",
                Importance.HIGH,
                "Brokers of the topic with the notifications, host:port with commas between."
                        + " Other settings of the consumer go behind notification.kafka.consumer.,"
                        + " for example notification.kafka.consumer.security.protocol.");
        text(
                keys,
                NotificationConfig.KAFKA_TOPIC,
                "",
                Importance.HIGH,
                "Topic with the notifications. Their order within an object is that of its"
                        + " partition.");
        text(
                keys,
                NotificationConfig.KAFKA_START,
                "earliest",
                ConfigDef.ValidString.in("earliest", "latest"),
                Importance.MEDIUM,
                "Where reading begins when no position is stored. Until the first event is"
                        + " delivered, a restart takes latest anew.",
                "Kafka");
    }

    private static void defineWebhook(ConfigDef keys) {
        text(
                keys,
                NotificationConfig.WEBHOOK_HOST,
                "127.0.0.1",
                Importance.MEDIUM,
                "Address to listen on. Anybody who reaches it can send events: set a token when it"
                        + " is not the loopback address.");
        number(
                keys,
                NotificationConfig.WEBHOOK_PORT,
                0,
                ConfigDef.Range.between(0, 65_535),
                "Port to listen on; must be set with webhook.");
        text(
                keys,
                NotificationConfig.WEBHOOK_PATH,
                "/notifications",
                ConfigChecks.PATH,
                Importance.LOW,
                "Path that notifications are posted to.",
                "Webhook");
        keys.define(
                NotificationConfig.WEBHOOK_TOKEN,
                ConfigDef.Type.PASSWORD,
                "",
                Importance.HIGH,
                "What the Authorization header of a post must hold, with or without Bearer before"
                        + " it. Empty: nothing. It is never logged.",
                "Webhook",
                4,
                Width.MEDIUM,
                "webhook.token");
        number(
                keys,
                NotificationConfig.WEBHOOK_MAX_BYTES,
                1_000_000,
                ConfigDef.Range.between(1_000, 1_000_000),
                "Largest body of a post; a larger one is answered with 413.");
        number(
                keys,
                NotificationConfig.WEBHOOK_REQUESTS,
                64,
                ConfigDef.Range.between(1, 1_000),
                "Posts that wait for their commit at a time; further ones are answered with 503 and"
                        + " Retry-After.");
        number(
                keys,
                NotificationConfig.WEBHOOK_TIMEOUT,
                60_000,
                ConfigDef.Range.between(100, 600_000),
                "Milliseconds that a post may wait for its commit; then it is answered with 503.");
        defineRepeats(keys);
    }

    private static void defineRepeats(ConfigDef keys) {
        number(
                keys,
                NotificationConfig.REPEAT_MESSAGES,
                10_000,
                ConfigDef.Range.between(1, 1_000_000),
                "Posts or messages of a queue that are remembered, in the source offsets, so that a"
                        + " repeat is dropped.");
        number(
                keys,
                NotificationConfig.REPEAT_AGE,
                86_400_000,
                ConfigDef.Range.between(1_000, 31_536_000_000L),
                "Milliseconds that a post or message is remembered at least, if there are not too"
                        + " many.");
    }

    private static void text(
            ConfigDef keys, String key, Object value, Importance importance, String about) {
        text(keys, key, value, new ConfigDef.NonNullValidator(), importance, about, group(key));
    }

    private static void text(
            ConfigDef keys,
            String key,
            Object value,
            ConfigDef.Validator allowed,
            Importance importance,
            String about,
            String group) {
        keys.define(
                key,
                ConfigDef.Type.STRING,
                value,
                allowed,
                importance,
                about,
                group,
                keys.names().size(),
                Width.MEDIUM,
                key);
    }

    private static void number(
            ConfigDef keys, String key, long value, ConfigDef.Validator allowed, String about) {
        keys.define(
                key,
                ConfigDef.Type.LONG,
                value,
                allowed,
                Importance.LOW,
                about,
                group(key),
                keys.names().size(),
                Width.SHORT,
                key);
    }

    private static String group(String key) {
        if (key.startsWith("notification.kafka.")) {
            return "Kafka";
        }
        return key.startsWith("notification.webhook.") ? "Webhook" : "Reading";
    }
}
