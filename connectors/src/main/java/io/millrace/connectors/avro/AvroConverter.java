package io.millrace.connectors.avro;

import io.millrace.connectors.PluginVersion;
import io.millrace.schemas.registry.RegistryConfig;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.registry.WireFormat;

import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.cache.Cache;
import org.apache.kafka.common.cache.LRUCache;
import org.apache.kafka.common.cache.SynchronizedCache;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Kafka Connect's converter to and from Avro in the schema registry's wire format.
 *
 * <ul>
 *   <li>The subject is the topic's name and {@code -key} or {@code -value}.
 *   <li>A schema is registered on first use; with {@code auto.register.schemas=false} it must be
 *       there.
 *   <li>What cannot be converted is a {@link DataException}; a registry that cannot be reached is a
 *       {@link RetriableException}, which {@code errors.retry.timeout} makes the worker repeat.
 * </ul>
 *
 * Threading: any thread once configured.
 */
public final class AvroConverter implements Converter {
    static final String AUTO_REGISTER = "auto.register.schemas";
    static final String CACHE_SIZE = RegistryConfig.CACHE_CAPACITY;
    private static final int DEFAULT_CACHE_SIZE = 1000;
    private static final String SUBJECT_STRATEGY = "subject.name.strategy";

    /** Name of the schema of bytes that are not ours; they get no wire format. */
    private static final String RAW = "io.millrace.raw";

    private static final ConfigDef DEFINITION = define();

    private volatile @Nullable State state;

    private record State(
            SchemaRegistryClient registry,
            boolean autoRegister,
            String subjectSuffix,
            Cache<org.apache.kafka.connect.data.Schema, Schema> toAvro,
            Cache<Schema, org.apache.kafka.connect.data.Schema> toConnect) {
        String subject(String topic) {
            return topic + subjectSuffix;
        }
    }

    /** For the worker, which calls {@link #configure} next. */
    public AvroConverter() {}

    @Override
    public String version() {
        return PluginVersion.get();
    }

    @Override
    public ConfigDef config() {
        return DEFINITION;
    }

    @Override
    public void configure(Map<String, ?> settings, boolean isKey) {
        AbstractConfig values = new AbstractConfig(DEFINITION, settings, false);
        Object strategy = settings.get((isKey ? "key." : "value.") + SUBJECT_STRATEGY);
        if (strategy != null && !strategy.toString().endsWith(".TopicNameStrategy")) {
            throw new ConfigException(
                    SUBJECT_STRATEGY, strategy, "allowed: TopicNameStrategy, the default");
        }
        int cacheSize = values.getInt(CACHE_SIZE);
        try {
            state =
                    new State(
                            new SchemaRegistryClient(RegistryConfig.from(settings)),
                            values.getBoolean(AUTO_REGISTER),
                            isKey ? "-key" : "-value",
                            new SynchronizedCache<>(new LRUCache<>(cacheSize)),
                            new SynchronizedCache<>(new LRUCache<>(cacheSize)));
        } catch (RegistryException e) {
            ConfigException refused = new ConfigException(String.valueOf(e.getMessage()));
            refused.initCause(e);
            throw refused;
        }
    }

    @Override
    public byte @Nullable [] fromConnectData(
            String topic,
            org.apache.kafka.connect.data.@Nullable Schema schema,
            @Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (schema == null) {
            throw new DataException(
                    "A record for topic '"
                            + topic
                            + "' has a value without schema; Avro needs one. Use a converter"
                            + " without schemas, or a connector or transform that sets one");
        }
        if (RAW.equals(schema.name())) {
            return raw(value);
        }
        State current = configured();
        Schema avro = avro(current, schema);
        Object mapped = ConnectValueMapper.map(schema, avro, value);
        int id = id(current, current.subject(topic), avro);
        return WireFormat.frame(id, encode(topic, avro, mapped));
    }

    @Override
    public SchemaAndValue toConnectData(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            return SchemaAndValue.NULL;
        }
        if (!WireFormat.isFramed(bytes)) {
            throw new DataException(
                    "A record of topic '"
                            + topic
                            + "' is not in the schema registry's wire format: "
                            + bytes.length
                            + " bytes without a zero byte and a schema id in front. Was it written"
                            + " with another converter?");
        }
        State current = configured();
        Schema avro = writerSchema(current, topic, WireFormat.id(bytes));
        org.apache.kafka.connect.data.Schema schema = current.toConnect().get(avro);
        if (schema == null) {
            schema = AvroSchemaMapper.map(avro);
            current.toConnect().put(avro, schema);
        }
        Object value = decode(topic, avro, WireFormat.unframe(bytes));
        return new SchemaAndValue(schema, AvroValueMapper.map(avro, schema, value));
    }

    @Override
    public void close() {
        State current = state;
        if (current != null) {
            current.registry().close();
        }
    }

    private static ConfigDef define() {
        return new ConfigDef()
                .define(
                        RegistryConfig.URL,
                        ConfigDef.Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        new ConfigDef.NonEmptyString(),
                        Importance.HIGH,
                        "URLs of the schema registry's nodes, separated by commas.")
                .define(
                        RegistryConfig.USER_INFO,
                        ConfigDef.Type.PASSWORD,
                        "",
                        Importance.MEDIUM,
                        "user:password for the registry's basic authentication.")
                .define(
                        AUTO_REGISTER,
                        ConfigDef.Type.BOOLEAN,
                        true,
                        Importance.MEDIUM,
                        "Whether a schema is registered on first use. If not, it must be there.")
                .define(
                        CACHE_SIZE,
                        ConfigDef.Type.INT,
                        DEFAULT_CACHE_SIZE,
                        ConfigDef.Range.atLeast(1),
                        Importance.LOW,
                        "Schemas kept in memory, in each direction.");
    }

    /** Somebody else's bytes, as they are. */
    private static byte[] raw(Object value) {
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes;
        }
        throw new DataException("'" + RAW + "' must be bytes, found " + value.getClass());
    }

    private State configured() {
        State current = state;
        if (current == null) {
            throw new ConnectException("The Avro converter was used before it was configured");
        }
        return current;
    }

    private static Schema avro(State current, org.apache.kafka.connect.data.Schema schema) {
        Schema avro = current.toAvro().get(schema);
        if (avro == null) {
            avro = ConnectSchemaMapper.map(schema);
            current.toAvro().put(schema, avro);
        }
        return avro;
    }

    private static int id(State current, String subject, Schema avro) {
        try {
            return current.autoRegister()
                    ? current.registry().register(subject, avro)
                    : current.registry().lookup(subject, avro).id();
        } catch (RegistryException e) {
            throw failure("The schema of subject '" + subject + "' got no id", e);
        }
    }

    private static Schema writerSchema(State current, String topic, int id) {
        try {
            return current.registry().schemaById(id);
        } catch (RegistryException e) {
            throw failure("A record of topic '" + topic + "' cannot be read", e);
        }
    }

    private static ConnectException failure(String what, RegistryException e) {
        String text = what + ": " + e.getMessage();
        return e.kind() == RegistryException.Kind.UNAVAILABLE
                ? new RetriableException(text, e)
                : new DataException(text, e);
    }

    private static byte[] encode(String topic, Schema avro, @Nullable Object value) {
        if (avro.getType() == Schema.Type.BYTES && value instanceof ByteBuffer buffer) {
            // The registry's serialisers write plain bytes without Avro's length in front.
            byte[] plain = new byte[buffer.remaining()];
            buffer.duplicate().get(plain);
            return plain;
        }
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            new GenericDatumWriter<@Nullable Object>(avro, GenericData.get()).write(value, encoder);
            return out.toByteArray();
        } catch (IOException | AvroRuntimeException e) {
            throw new DataException(
                    "A record for topic '" + topic + "' cannot be written: " + e.getMessage(), e);
        }
    }

    private static Object decode(String topic, Schema avro, ByteBuffer bytes) {
        if (avro.getType() == Schema.Type.BYTES) {
            return bytes;
        }
        byte[] array = new byte[bytes.remaining()];
        bytes.get(array);
        try {
            BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(array, null);
            return new GenericDatumReader<Object>(avro, avro, GenericData.get())
                    .read(null, decoder);
        } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
            throw new DataException(
                    "A record of topic '"
                            + topic
                            + "' does not fit the schema with its id, '"
                            + avro.getFullName()
                            + "': "
                            + e.getMessage(),
                    e);
        }
    }
}
