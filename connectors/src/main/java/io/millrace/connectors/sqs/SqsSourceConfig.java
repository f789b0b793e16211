package io.millrace.connectors.sqs;

import io.millrace.connectors.queue.QueueChecks;
import io.millrace.connectors.queue.QueueSettings;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

import software.amazon.awssdk.regions.Region;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The configuration of the SQS source, checked.
 *
 * @param endpoint of a compatible server; empty for AWS
 * @param accessKey of fixed credentials; used only together with the secret key
 * @param sessionToken of fixed credentials that are temporary
 */
record SqsSourceConfig(
        QueueSettings common,
        List<String> queues,
        Optional<URI> endpoint,
        String region,
        String accessKey,
        Optional<Password> secretKey,
        Optional<Password> sessionToken,
        int visibilitySeconds,
        int waitSeconds,
        int receivers,
        Duration requestTimeout) {
    static final String QUEUES = "sqs.queues";
    static final String ENDPOINT = "sqs.endpoint";
    static final String REGION = "sqs.region";
    static final String ACCESS_KEY = "sqs.access.key";
    static final String SECRET_KEY = "sqs.secret.key";
    static final String SESSION_TOKEN = "sqs.session.token";
    static final String VISIBILITY = "sqs.visibility.timeout.s";
    static final String WAIT = "sqs.wait.s";
    static final String RECEIVERS = "sqs.receivers";
    static final String REQUEST_TIMEOUT = "sqs.request.timeout.ms";

    /** What all keys that only this connector reads begin with. */
    static final String KEY_PREFIX = "sqs.";

    /** Every key with its default, its documentation and what it allows. */
    static final ConfigDef DEFINITION = define();

    /** Reads a connector's configuration; throws {@link ConfigException} for the first fault. */
    static SqsSourceConfig of(Map<String, String> properties) {
        AbstractConfig values = new AbstractConfig(DEFINITION, properties, false);
        String endpoint = values.getString(ENDPOINT);
        Optional<Password> secret = password(values, SECRET_KEY);
        if (values.getString(ACCESS_KEY).isEmpty() != secret.isEmpty()) {
            throw new ConfigException(
                    "'"
                            + ACCESS_KEY
                            + "' and '"
                            + SECRET_KEY
                            + "' belong together, one of them is missing; set both or none");
        }
        return new SqsSourceConfig(
                QueueSettings.of(values, properties),
                values.getList(QUEUES),
                endpoint.isEmpty() ? Optional.empty() : Optional.of(URI.create(endpoint)),
                values.getString(REGION),
                values.getString(ACCESS_KEY),
                secret,
                password(values, SESSION_TOKEN),
                values.getInt(VISIBILITY),
                values.getInt(WAIT),
                values.getInt(RECEIVERS),
                Duration.ofMillis(values.getLong(REQUEST_TIMEOUT)));
    }

    /** The service in words: its endpoint, or AWS and the region. */
    String serviceName() {
        return endpoint.map(URI::toString).orElse("AWS SQS in " + region);
    }

    private static Optional<Password> password(AbstractConfig values, String key) {
        Password password = values.getPassword(key);
        return password.value().isEmpty() ? Optional.empty() : Optional.of(password);
    }

    private static ConfigDef define() {
        ConfigDef keys = new ConfigDef();
        defineService(keys);
        defineCredentials(keys);
        QueueSettings.define(keys);
        defineReceiving(keys);
        return keys;
    }

    private static void defineService(ConfigDef keys) {
        String group = "Queues";
        keys.define(
                QUEUES,
                ConfigDef.Type.LIST,
                ConfigDef.NO_DEFAULT_VALUE,
                QueueChecks.NAMES,
                Importance.HIGH,
                "Names of the queues, separated by commas; those that end with .fifo are FIFO"
                        + " queues. They are shared out over the tasks.",
                group,
                1,
                Width.LONG,
                "Queues");
        keys.define(
                ENDPOINT,
                ConfigDef.Type.STRING,
                "",
                QueueChecks.check(
                        "empty, or an http or https URL without user, query and fragment",
                        text ->
                                text.isEmpty()
                                        || QueueChecks.isPlainUrl(text, Set.of("http", "https"))),
                Importance.HIGH,
                "URL of an SQS-compatible server, for example http://localhost:9324. Empty: AWS"
                        + " SQS of the region.",
                group,
                2,
                Width.LONG,
                "Endpoint");
        keys.define(
                REGION,
                ConfigDef.Type.STRING,
                "us-east-1",
                new ConfigDef.NonEmptyString(),
                Importance.HIGH,
                "Region of the queues.",
                group,
                3,
                Width.SHORT,
                "Region",
                QueueChecks.recommend(Region.regions().stream().map(Region::id).sorted().toList()));
    }

    private static void defineCredentials(ConfigDef keys) {
        String group = "Credentials";
        keys.define(
                ACCESS_KEY,
                ConfigDef.Type.STRING,
                "",
                Importance.HIGH,
                "Access key of fixed credentials. Empty: the AWS default chain finds the"
                        + " credentials (environment, profile, role of the machine).",
                group,
                1,
                Width.MEDIUM,
                "Access key");
        keys.define(
                SECRET_KEY,
                ConfigDef.Type.PASSWORD,
                "",
                Importance.HIGH,
                "Secret key that belongs to the access key. It is never logged.",
                group,
                2,
                Width.MEDIUM,
                "Secret key");
        keys.define(
                SESSION_TOKEN,
                ConfigDef.Type.PASSWORD,
                "",
                Importance.LOW,
                "Session token of fixed credentials that are temporary.",
                group,
                3,
                Width.MEDIUM,
                "Session token");
    }

    private static void defineReceiving(ConfigDef keys) {
        defineInt(
                keys,
                VISIBILITY,
                30,
                ConfigDef.Range.between(3, 43_200),
                "Seconds for which a received message is hidden from others. It is extended while"
                        + " its record is not committed; after a crash the message comes again"
                        + " after this time at the latest.",
                1);
        defineInt(
                keys,
                WAIT,
                10,
                ConfigDef.Range.between(0, 20),
                "Seconds that a request for messages waits at the server for the first one.",
                2);
        defineInt(
                keys,
                RECEIVERS,
                2,
                ConfigDef.Range.between(1, 32),
                "Requests for messages under way at once, per queue; each gives 10 messages at"
                        + " most. As many threads delete messages.",
                3);
        keys.define(
                REQUEST_TIMEOUT,
                ConfigDef.Type.LONG,
                10_000,
                ConfigDef.Range.between(100, 300_000),
                Importance.LOW,
                "Milliseconds that one request may take, beside the waiting for messages.",
                "Receiving",
                4,
                Width.SHORT,
                "request.timeout.ms");
    }

    private static void defineInt(
            ConfigDef keys,
            String key,
            int value,
            ConfigDef.Validator allowed,
            String documentation,
            int order) {
        keys.define(
                key,
                ConfigDef.Type.INT,
                value,
                allowed,
                Importance.MEDIUM,
                documentation,
                "Receiving",
                order,
                Width.SHORT,
                key.substring(KEY_PREFIX.length()));
    }
}
