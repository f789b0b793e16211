package io.millrace.schemas.registry;

import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericContainer;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Writes Avro values in the registry's wire format: generated classes, generic ones, and plain Java
 * strings, numbers, booleans and byte arrays. The subject is the topic's name and {@code -value} or
 * {@code -key}; null stays null.
 *
 * <p>With {@code auto.register.schemas} (true by default) a schema is registered on first use;
 * without, it must be there. Registry faults are {@link RegistryException}, values that do not fit
 * their schema {@link SerializationException}. Threading: any thread once configured.
 */
public final class AvroSerializer<T> implements Serializer<T> {
    private static final Map<Class<?>, Schema> PLAIN =
            Map.of(
                    String.class, Schema.create(Schema.Type.STRING),
                    Integer.class, Schema.create(Schema.Type.INT),
                    Long.class, Schema.create(Schema.Type.LONG),
                    Float.class, Schema.create(Schema.Type.FLOAT),
                    Double.class, Schema.create(Schema.Type.DOUBLE),
                    Boolean.class, Schema.create(Schema.Type.BOOLEAN),
                    byte[].class, Schema.create(Schema.Type.BYTES));

    private final boolean ownsClient;
    private volatile Optional<SchemaRegistryClient> client;
    private volatile BoundedCache<Schema, Schema> portable;
    private volatile boolean isKey;
    private volatile boolean autoRegister = true;

    /** For Kafka, which calls {@link #configure} next. */
    public AvroSerializer() {
        this(Optional.empty(), true);
    }

    /** Shares a client, which stays open when this is closed. */
    public AvroSerializer(SchemaRegistryClient client) {
        this(Optional.of(client), false);
    }

    private AvroSerializer(Optional<SchemaRegistryClient> client, boolean ownsClient) {
        this.client = client;
        this.ownsClient = ownsClient;
        this.portable = new BoundedCache<>(RegistryConfig.DEFAULT_CACHE_CAPACITY);
    }

    @Override
    public void configure(Map<String, ?> settings, boolean forKeys) {
        SerdeSettings.requireTopicNameStrategy(settings, forKeys);
        isKey = forKeys;
        autoRegister = SerdeSettings.flag(settings, SerdeSettings.AUTO_REGISTER, true);
        if (ownsClient) {
            RegistryConfig config = RegistryConfig.from(settings);
            portable = new BoundedCache<>(config.cacheCapacity());
            client = Optional.of(new SchemaRegistryClient(config));
        }
    }

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable T value) {
        if (value == null) {
            return null;
        }
        Schema schema = schemaOf(topic, value);
        int id = id(SerdeSettings.subject(topic, isKey), portable(schema));
        return WireFormat.frame(id, encode(topic, schema, value));
    }

    private int id(String subject, Schema schema) {
        SchemaRegistryClient registry =
                client.orElseThrow(() -> new IllegalStateException("configure() was not called"));
        return autoRegister
                ? registry.register(subject, schema)
                : registry.lookup(subject, schema).id();
    }

    private Schema portable(Schema schema) {
        return portable.find(schema)
                .orElseGet(() -> {
                    Schema made = PortableSchema.of(schema);
                    portable.put(schema, made);
                    return made;
                });
    }

    private static Schema schemaOf(String topic, Object value) {
        if (value instanceof GenericContainer container) {
            return container.getSchema();
        }
        Schema plain = PLAIN.get(value.getClass());
        if (plain == null) {
            throw new SerializationException(
                    "a record for topic '"
                            + topic
                            + "' is a "
                            + value.getClass().getName()
                            + "; allowed: Avro records, String, numbers, Boolean, byte[]");
        }
        return plain;
    }

    private static byte[] encode(String topic, Schema schema, Object value) {
        if (value instanceof byte[] bytes) {
            // The registry's serialisers write plain bytes without Avro's length in front.
            return bytes;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            writer(schema, value).write(value, encoder);
            encoder.flush();
            return out.toByteArray();
        } catch (IOException | AvroRuntimeException | ClassCastException e) {
            throw new SerializationException(
                    "a record for topic '"
                            + topic
                            + "' does not fit its schema '"
                            + schema.getFullName()
                            + "': "
                            + Texts.oneLine(e),
                    e);
        } catch (NullPointerException e) {
            throw new SerializationException(
                    "a record for topic '"
                            + topic
                            + "' has null where its schema '"
                            + schema.getFullName()
                            + "' allows none: "
                            + Texts.oneLine(e),
                    e);
        }
    }

    private static GenericDatumWriter<Object> writer(Schema schema, Object value) {
        if (value instanceof SpecificRecordBase record) {
            return new SpecificDatumWriter<>(schema, record.getSpecificData());
        }
        return value instanceof SpecificRecord
                ? new SpecificDatumWriter<>(schema, SpecificData.getForClass(value.getClass()))
                : new GenericDatumWriter<>(schema, GenericData.get());
    }

    @Override
    public void close() {
        if (ownsClient) {
            client.ifPresent(SchemaRegistryClient::close);
        }
    }
}
