package io.millrace.connectors.rabbitmq;

import io.millrace.connectors.queue.QueueChecks;
import io.millrace.connectors.queue.QueueKeys;
import io.millrace.connectors.queue.QueueSettings;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The configuration of the RabbitMQ source, checked.
 *
 * @param idHeader header that has the message id where the property is missing; empty for none
 * @param groupHeader header that has the message group; empty for none
 */
record RabbitMqSourceConfig(
        QueueSettings common,
        List<String> queues,
        String url,
        String virtualHost,
        String username,
        Password password,
        String idHeader,
        String groupHeader,
        Duration requestTimeout) {
    static final String QUEUES = "rabbitmq.queues";
    static final String URL = "rabbitmq.url";
    static final String VIRTUAL_HOST = "rabbitmq.virtual.host";
    static final String USERNAME = "rabbitmq.username";
    static final String PASSWORD = "rabbitmq.password";
    static final String ID_HEADER = "rabbitmq.id.header";
    static final String GROUP_HEADER = "rabbitmq.group.header";
    static final String REQUEST_TIMEOUT = "rabbitmq.request.timeout.ms";

    /** What all keys that only this connector reads begin with. */
    static final String KEY_PREFIX = "rabbitmq.";

    /** Every key with its default, its documentation and what it allows. */
    static final ConfigDef DEFINITION = define();

    /** Reads a connector's configuration; throws {@link ConfigException} for the first fault. */
    static RabbitMqSourceConfig of(Map<String, String> properties) {
        AbstractConfig values = new AbstractConfig(DEFINITION, properties, false);
        return new RabbitMqSourceConfig(
                QueueSettings.of(values, properties),
                values.getList(QUEUES),
                values.getString(URL),
                values.getString(VIRTUAL_HOST),
                values.getString(USERNAME),
                values.getPassword(PASSWORD),
                values.getString(ID_HEADER),
                values.getString(GROUP_HEADER),
                Duration.ofMillis(values.getInt(REQUEST_TIMEOUT)));
    }

    private static ConfigDef define() {
        ConfigDef keys = new ConfigDef();
        new QueueKeys(keys, "Server")
                .names(
                        QUEUES,
                        "Names of the queues, separated by commas. They are shared out over the"
                                + " tasks.")
                .text(
                        URL,
                        ConfigDef.NO_DEFAULT_VALUE,
                        QueueChecks.check(
                                "an amqp or amqps URL without user, query and fragment",
                                text -> QueueChecks.isPlainUrl(text, Set.of("amqp", "amqps"))),
                        "URL of a RabbitMQ node, for example amqp://localhost:5672.")
                .text(VIRTUAL_HOST, "/", "Virtual host of the queues.")
                .text(USERNAME, "", "User name; empty: guest.")
                .secret(PASSWORD, "Password of the user. It is never logged.")
                .text(
                        ID_HEADER,
                        "",
                        "Header that has the message id where the property message-id is missing."
                                + " Empty: none. Repeats of a message without id are not"
                                + " recognised.")
                .text(
                        GROUP_HEADER,
                        "",
                        "Header that has the message group, which becomes the record's key."
                                + " Empty: records have no key.")
                .number(
                        REQUEST_TIMEOUT,
                        10_000,
                        ConfigDef.Range.between(100, 300_000),
                        "Milliseconds that connecting or one request may take.");
        QueueSettings.define(keys);
        return keys;
    }
}
