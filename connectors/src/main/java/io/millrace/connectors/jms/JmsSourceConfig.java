package io.millrace.connectors.jms;

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

/** The configuration of the AMQP 1.0 source, checked. */
record JmsSourceConfig(
        QueueSettings common,
        List<String> queues,
        String url,
        String username,
        Password password,
        Duration requestTimeout) {
    static final String QUEUES = "jms.queues";
    static final String URL = "jms.url";
    static final String USERNAME = "jms.username";
    static final String PASSWORD = "jms.password";
    static final String REQUEST_TIMEOUT = "jms.request.timeout.ms";

    /** What all keys that only this connector reads begin with. */
    static final String KEY_PREFIX = "jms.";

    /** Every key with its default, its documentation and what it allows. */
    static final ConfigDef DEFINITION = define();

    /** Reads a connector's configuration; throws {@link ConfigException} for the first fault. */
    static JmsSourceConfig of(Map<String, String> properties) {
        AbstractConfig values = new AbstractConfig(DEFINITION, properties, false);
        return new JmsSourceConfig(
                QueueSettings.of(values, properties),
                values.getList(QUEUES),
                values.getString(URL),
                values.getString(USERNAME),
                values.getPassword(PASSWORD),
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
                        "URL of a server of AMQP 1.0, for example amqp://localhost:5672.")
                .text(USERNAME, "", "User name; empty: none is sent.")
                .secret(PASSWORD, "Password of the user. It is never logged.")
                .number(
                        REQUEST_TIMEOUT,
                        10_000,
                        ConfigDef.Range.between(100, 300_000),
                        "Milliseconds that connecting or one request may take.");
        QueueSettings.define(keys);
        return keys;
    }
}
