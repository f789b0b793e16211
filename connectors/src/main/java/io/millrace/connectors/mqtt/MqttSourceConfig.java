package io.millrace.connectors.mqtt;

import com.fasterxml.jackson.core.JsonPointer;

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
 * The configuration of the MQTT source, checked.
 *
 * @param clientId identity of the session at the server
 * @param idProperty user property that has the message id; empty for none
 * @param idPointer JSON pointer to the message id in the payload; empty for none
 */
record MqttSourceConfig(
        QueueSettings common,
        List<String> topics,
        String url,
        String clientId,
        String username,
        Password password,
        int qos,
        long sessionExpirySeconds,
        String idProperty,
        String idPointer,
        Duration requestTimeout) {
    static final String TOPICS = "mqtt.topics";
    static final String URL = "mqtt.url";
    static final String CLIENT_ID = "mqtt.client.id";
    static final String USERNAME = "mqtt.username";
    static final String PASSWORD = "mqtt.password";
    static final String QOS = "mqtt.qos";
    static final String SESSION_EXPIRY = "mqtt.session.expiry.s";
    static final String ID_PROPERTY = "mqtt.id.property";
    static final String ID_POINTER = "mqtt.id.pointer";
    static final String REQUEST_TIMEOUT = "mqtt.request.timeout.ms";

    /** What all keys that only this connector reads begin with. */
    static final String KEY_PREFIX = "mqtt.";

    /** Every key with its default, its documentation and what it allows. */
    static final ConfigDef DEFINITION = define();

    /** Reads a connector's configuration; throws {@link ConfigException} for the first fault. */
    static MqttSourceConfig of(Map<String, String> properties) {
        AbstractConfig values = new AbstractConfig(DEFINITION, properties, false);
        return new MqttSourceConfig(
                QueueSettings.of(values, properties),
                values.getList(TOPICS),
                values.getString(URL),
                values.getString(CLIENT_ID),
                values.getString(USERNAME),
                values.getPassword(PASSWORD),
                values.getInt(QOS),
                values.getInt(SESSION_EXPIRY),
                values.getString(ID_PROPERTY),
                values.getString(ID_POINTER),
                Duration.ofMillis(values.getInt(REQUEST_TIMEOUT)));
    }

    private static ConfigDef define() {
        ConfigDef keys = new ConfigDef();
        defineServer(new QueueKeys(keys, "Server"));
        new QueueKeys(keys, "Messages")
                .number(
                        QOS,
                        1,
                        ConfigDef.Range.between(1, 2),
                        "Quality of service of the subscriptions. Messages that were published"
                                + " with 0 come at most once.")
                .text(
                        ID_PROPERTY,
                        "",
                        "User property that has an id of the message. MQTT itself has none;"
                                + " repeats of a message without id are not recognised. Empty:"
                                + " none.")
                .text(
                        ID_POINTER,
                        "",
                        QueueChecks.check(
                                "empty, or a JSON pointer like /order/id",
                                MqttSourceConfig::isPointer),
                        "JSON pointer to an id of the message in its payload, looked at where the"
                                + " user property is missing. Empty: none.");
        QueueSettings.define(keys);
        return keys;
    }

    private static void defineServer(QueueKeys keys) {
        keys.names(
                        TOPICS,
                        "Topic filters to subscribe to, separated by commas, for example"
                                + " plant/+/alarms.")
                .text(
                        URL,
                        ConfigDef.NO_DEFAULT_VALUE,
                        QueueChecks.check(
                                "an mqtt or mqtts URL without user, query and fragment",
                                text -> QueueChecks.isPlainUrl(text, Set.of("mqtt", "mqtts"))),
                        "URL of a server of MQTT 5, for example mqtt://localhost:1883.")
                .text(
                        CLIENT_ID,
                        ConfigDef.NO_DEFAULT_VALUE,
                        new ConfigDef.NonEmptyString(),
                        "Client identifier. The server keeps the session and its messages under"
                                + " it, so no other client may use it.")
                .text(USERNAME, "", "User name; empty: none is sent.")
                .secret(PASSWORD, "Password of the user. It is never logged.")
                .number(
                        SESSION_EXPIRY,
                        604_800,
                        ConfigDef.Range.between(60, Integer.MAX_VALUE),
                        "Seconds for which the server keeps the session, and with it messages,"
                                + " while the task is away.")
                .number(
                        REQUEST_TIMEOUT,
                        10_000,
                        ConfigDef.Range.between(100, 300_000),
                        "Milliseconds that connecting or one request may take.");
    }

    private static boolean isPointer(String text) {
        try {
            return text.isEmpty() || JsonPointer.compile(text) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
