package io.millrace.connectors.objectstore;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration of the object store source, checked.
 *
 * @param endpoint of an S3-compatible store; empty for AWS S3
 * @param accessKey of fixed credentials; used only together with the secret key
 * @param secretKey without it the AWS default chain finds the credentials
 * @param sessionToken of temporary credentials
 * @param contentType media type of the value, if the connector's own configuration tells it
 */
record ObjectStoreSourceConfig(
        Optional<URI> endpoint,
        String region,
        boolean pathStyle,
        String accessKey,
        Optional<Password> secretKey,
        Optional<Password> sessionToken,
        String bucket,
        ObjectFilter filter,
        StartPosition start,
        String topic,
        Optional<String> contentType,
        Duration pollInterval,
        int pageSize,
        Duration requestTimeout,
        Duration outageTimeout,
        int maxKnownObjects,
        boolean confirmsDeleted) {
    static final String ENDPOINT = "objectstore.endpoint";
    static final String REGION = "objectstore.region";
    static final String PATH_STYLE = "objectstore.path.style";
    static final String ACCESS_KEY = "objectstore.access.key";
    static final String SECRET_KEY = "objectstore.secret.key";
    static final String SESSION_TOKEN = "objectstore.session.token";
    static final String BUCKET = "objectstore.bucket";
    static final String START = "objectstore.start";
    static final String TOPIC = "topic";
    static final String POLL_INTERVAL = "objectstore.poll.interval.ms";
    static final String PAGE_SIZE = "objectstore.page.size";
    static final String REQUEST_TIMEOUT = "objectstore.request.timeout.ms";
    static final String OUTAGE_TIMEOUT = "objectstore.outage.timeout.ms";
    static final String MAX_KNOWN = "objectstore.known.objects.max";
    static final String CONFIRM_DELETED = "objectstore.deleted.confirm";

    /** What all keys that only this connector reads begin with. */
    static final String KEY_PREFIX = "objectstore.";

    /** Every key with its default, its documentation and what it allows. */
    static final ConfigDef DEFINITION = define();

    private static final Map<String, String> CONTENT_TYPES =
            Map.of(
                    "org.apache.kafka.connect.json.JsonConverter", "application/json",
                    "io.millrace.connectors.avro.AvroConverter", "application/avro");

    /** Reads a connector's configuration; throws {@link ConfigException} for the first fault. */
    static ObjectStoreSourceConfig of(Map<String, String> properties) {
        AbstractConfig values = new AbstractConfig(DEFINITION, properties, false);
        String endpoint = values.getString(ENDPOINT);
        Password secret = values.getPassword(SECRET_KEY);
        if (values.getString(ACCESS_KEY).isEmpty() != secret.value().isEmpty()) {
            throw new ConfigException(ONE_OF_TWO_CREDENTIALS);
        }
        return new ObjectStoreSourceConfig(
                endpoint.isEmpty() ? Optional.empty() : Optional.of(URI.create(endpoint)),
                values.getString(REGION),
                values.getBoolean(PATH_STYLE),
                values.getString(ACCESS_KEY),
                secret.value().isEmpty() ? Optional.empty() : Optional.of(secret),
                Optional.of(values.getPassword(SESSION_TOKEN)).filter(it -> !it.value().isEmpty()),
                values.getString(BUCKET),
                ObjectFilter.of(values),
                ConfigChecks.start(values.getString(START)),
                values.getString(TOPIC),
                contentType(properties),
                millis(values, POLL_INTERVAL),
                values.getInt(PAGE_SIZE),
                millis(values, REQUEST_TIMEOUT),
                millis(values, OUTAGE_TIMEOUT),
                values.getInt(MAX_KNOWN),
                values.getBoolean(CONFIRM_DELETED));
    }

    /** Media type that the connector's own converter writes, if it is known. */
    static Optional<String> contentType(Map<String, String> properties) {
        return Optional.ofNullable(
                CONTENT_TYPES.get(properties.getOrDefault("value.converter", "")));
    }

    /** What {@link #of} says about half a pair of credentials. */
    static final String ONE_OF_TWO_CREDENTIALS =
            "'"
                    + ACCESS_KEY
                    + "' and '"
                    + SECRET_KEY
                    + "' belong together, one of them is missing; set both, or none to use the"
                    + " AWS default chain";

    /** The store in words: its endpoint, or AWS S3 and the region. */
    String storeName() {
        return endpoint.map(URI::toString).orElse("AWS S3 in " + region);
    }

    private static Duration millis(AbstractConfig values, String key) {
        return Duration.ofMillis(values.getLong(key));
    }

    private static ConfigDef define() {
        ConfigDef keys = new ConfigDef();
        defineStore(keys);
        defineObjects(keys);
        defineReading(keys);
        return keys;
    }

    private static void defineStore(ConfigDef keys) {
        String group = "Store";
        keys.define(
                ENDPOINT,
                ConfigDef.Type.STRING,
                "",
                ConfigChecks.ENDPOINT,
                Importance.HIGH,
                "URL of an S3-compatible store, for example http://localhost:9000. Empty: AWS S3"
                        + " of the region.",
                group,
                1,
                Width.LONG,
                "Endpoint");
        keys.define(
                REGION,
                ConfigDef.Type.STRING,
                "us-east-1",
                new ConfigDef.NonEmptyString(),
                Importance.HIGH,
                "Region of the bucket. Most S3-compatible stores take any.",
                group,
                2,
                Width.SHORT,
                "Region",
                ConfigChecks.REGIONS);
        keys.define(
                PATH_STYLE,
                ConfigDef.Type.BOOLEAN,
                true,
                Importance.MEDIUM,
                "Whether requests to the endpoint name the bucket in the path"
                        + " (http://host/bucket) and not in the host name (http://bucket.host)."
                        + " Without endpoint it has no effect.",
                group,
                3,
                Width.SHORT,
                "Path style");
        defineCredentials(keys, group);
    }

    private static void defineCredentials(ConfigDef keys, String group) {
        keys.define(
                ACCESS_KEY,
                ConfigDef.Type.STRING,
                "",
                Importance.HIGH,
                "Access key of fixed credentials. Empty: the AWS default chain finds the"
                        + " credentials (environment, profile, role of the machine).",
                group,
                4,
                Width.MEDIUM,
                "Access key");
        defineSecrets(keys, group);
    }

    private static void defineSecrets(ConfigDef keys, String group) {
        keys.define(
                SECRET_KEY,
                ConfigDef.Type.PASSWORD,
                "",
                Importance.HIGH,
                "Secret key that belongs to the access key. It is never logged.",
                group,
                5,
                Width.MEDIUM,
                "Secret key");
        keys.define(
                SESSION_TOKEN,
                ConfigDef.Type.PASSWORD,
                "",
                Importance.LOW,
                "Session token, if the two keys are temporary credentials. It is never logged.",
                group,
                6,
                Width.MEDIUM,
                "Session token");
    }

    private static void defineObjects(ConfigDef keys) {
        String group = "Objects";
        keys.define(
                BUCKET,
                ConfigDef.Type.STRING,
                ConfigDef.NO_DEFAULT_VALUE,
                ConfigChecks.BUCKET,
                Importance.HIGH,
                "Name of the bucket.",
                group,
                1,
                Width.MEDIUM,
                "Bucket");
        ObjectFilter.define(keys, 2);
        defineEvents(keys, group);
    }

    private static void defineEvents(ConfigDef keys, String group) {
        keys.define(
                START,
                ConfigDef.Type.STRING,
                "everything",
                ConfigChecks.START,
                Importance.HIGH,
                "Which of the objects that are there at the first start become events: everything"
                        + " (all), now (none), or a time like 2026-01-31T00:00:00Z (those changed"
                        + " since). It is looked at only for objects that are not known. Until the"
                        + " first event is delivered, a restart takes now anew; a time is exact.",
                group,
                8,
                Width.MEDIUM,
                "Start",
                ConfigChecks.STARTS);
        keys.define(
                TOPIC,
                ConfigDef.Type.STRING,
                ConfigDef.NO_DEFAULT_VALUE,
                ConfigChecks.TOPIC,
                Importance.HIGH,
                "Topic of the events. It must exist, or the connector must set"
                        + " topic.creation.default.partitions and"
                        + " topic.creation.default.replication.factor: without both an exactly-once"
                        + " task waits in silence.",
                group,
                9,
                Width.MEDIUM,
                "Topic");
    }

    private static void defineReading(ConfigDef keys) {
        defineLong(
                keys,
                POLL_INTERVAL,
                10_000,
                ConfigDef.Range.between(10, 86_400_000),
                Importance.MEDIUM,
                "Milliseconds from the start of one listing to the start of the next. A listing"
                        + " costs one request per page.",
                1);
        defineInt(
                keys,
                PAGE_SIZE,
                1000,
                ConfigDef.Range.between(1, 1000),
                "Objects per request, and most events per poll.",
                2);
        defineLong(
                keys,
                REQUEST_TIMEOUT,
                10_000,
                ConfigDef.Range.between(100, 300_000),
                Importance.LOW,
                "Milliseconds that one request may take. A stop waits at most this long.",
                3);
        defineLong(
                keys,
                OUTAGE_TIMEOUT,
                86_400_000,
                ConfigDef.Range.between(0, 31_536_000_000L),
                Importance.LOW,
                "Milliseconds for which a store that does not answer is asked again, with a"
                        + " growing pause of 30 seconds at most. After that the task fails.",
                4);
        defineInt(
                keys,
                MAX_KNOWN,
                5_000_000,
                ConfigDef.Range.between(1, 100_000_000),
                "Most objects that may be known. At this number the task fails rather than forget"
                        + " one. An object takes some 30 to 60 bytes of the task's memory and as"
                        + " many of each copy of the source offsets that the worker holds.",
                5);
        keys.define(
                CONFIRM_DELETED,
                ConfigDef.Type.BOOLEAN,
                true,
                Importance.LOW,
                "Whether the store is asked for an object that a listing no longer shows, before it"
                        + " is told of as deleted: one request each, with the right"
                        + " s3:GetObject. Switch it off for stores whose listings are complete.",
                "Reading",
                6,
                Width.SHORT,
                "deleted.confirm");
    }

    private static void defineLong(
            ConfigDef keys,
            String key,
            long value,
            ConfigDef.Validator allowed,
            Importance importance,
            String documentation,
            int order) {
        keys.define(
                key,
                ConfigDef.Type.LONG,
                value,
                allowed,
                importance,
                documentation,
                "Reading",
                order,
                Width.SHORT,
                key.substring(KEY_PREFIX.length()));
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
                Importance.LOW,
                documentation,
                "Reading",
                order,
                Width.SHORT,
                key.substring(KEY_PREFIX.length()));
    }
}
