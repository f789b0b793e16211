package io.millrace.schemas.registry;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.util.Utf8;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * Reads Avro values in the registry's wire format. Null stays null, a plain Avro string becomes a
 * {@code String}.
 *
 * <ul>
 *   <li>Made for a class: values are of that class, whatever schema they were written with.
 *   <li>With {@code specific.avro.reader}: values are of the generated class that has the name of
 *       the schema they were written with; it must be on the class path.
 *   <li>Otherwise values are generic, in the form they were written with.
 * </ul>
 *
 * Registry faults are {@link RegistryException}; bytes that are not framed, cut off, or do not fit
 * the schema are {@link SerializationException}. Threading: any thread once configured.
 */
public final class AvroDeserializer<T> implements Deserializer<T> {
    private final boolean ownsClient;
    private final Optional<Class<? extends T>> type;
    private volatile Optional<SchemaRegistryClient> client;
    private volatile boolean isSpecific;
    private volatile BoundedCache<Integer, Reading<T>> readings =
            new BoundedCache<>(RegistryConfig.DEFAULT_CACHE_CAPACITY);

    /** How values of one writer schema are read. */
    private record Reading<T>(Schema written, DatumReader<T> reader) {}

    /** For Kafka, which calls {@link #configure} next. */
    public AvroDeserializer() {
        this(Optional.empty(), true, Optional.empty());
    }

    /** Shares a client, which stays open when this is closed; values are generic. */
    public AvroDeserializer(SchemaRegistryClient client) {
        this(Optional.of(client), false, Optional.empty());
    }

    /** Shares a client, which stays open when this is closed; values are of a generated class. */
    public AvroDeserializer(SchemaRegistryClient client, Class<? extends T> type) {
        this(Optional.of(client), false, Optional.of(type));
    }

    private AvroDeserializer(
            Optional<SchemaRegistryClient> client,
            boolean ownsClient,
            Optional<Class<? extends T>> type) {
        this.client = client;
        this.ownsClient = ownsClient;
        this.type = type;
    }

    @Override
    public void configure(Map<String, ?> settings, boolean isKey) {
        isSpecific = SerdeSettings.flag(settings, SerdeSettings.SPECIFIC_READER, false);
        if (ownsClient) {
            RegistryConfig config = RegistryConfig.from(settings);
            readings = new BoundedCache<>(config.cacheCapacity());
            client = Optional.of(new SchemaRegistryClient(config));
        }
    }

    @Override
    public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        int id = WireFormat.id(bytes);
        Reading<T> reading = readings.find(id).orElseGet(() -> remember(id));
        try {
            return read(reading, bytes);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // Avro answers garbage with many kinds of exception, deep nesting with the last one.
            throw new SerializationException(
                    "a record of topic '"
                            + topic
                            + "' is no value of schema id "
                            + id
                            + " ('"
                            + reading.written.getFullName()
                            + "'): "
                            + Texts.oneLine(e),
                    e);
        }
    }

    @SuppressWarnings("unchecked") // T is what the caller says the topic holds
    private T read(Reading<T> reading, byte[] bytes) throws IOException {
        int size = bytes.length - WireFormat.HEADER_SIZE;
        if (reading.written.getType() == Schema.Type.BYTES) {
            // The registry's serialisers write plain bytes without Avro's length in front.
            return (T) Arrays.copyOfRange(bytes, WireFormat.HEADER_SIZE, bytes.length);
        }
        BinaryDecoder decoder =
                DecoderFactory.get().binaryDecoder(bytes, WireFormat.HEADER_SIZE, size, null);
        Object value = reading.reader.read(null, decoder);
        if (!decoder.isEnd()) {
            throw new SerializationException("bytes are left over behind the value");
        }
        return (T) (value instanceof Utf8 text ? text.toString() : value);
    }

    private Reading<T> remember(int id) {
        SchemaRegistryClient registry =
                client.orElseThrow(() -> new IllegalStateException("configure() was not called"));
        Schema written = registry.schemaById(id);
        Reading<T> made = new Reading<>(written, reader(written));
        readings.put(id, made);
        return made;
    }

    private DatumReader<T> reader(Schema written) {
        if (type.isPresent()) {
            return specific(written, type.get());
        }
        return isSpecific && written.getType() == Schema.Type.RECORD
                ? specific(written, generatedClass(written))
                : new GenericDatumReader<>(written);
    }

    private static <T> DatumReader<T> specific(Schema written, Class<?> type) {
        GeneratedClasses data = GeneratedClasses.of(type);
        return new SpecificDatumReader<>(written, data.getSchema(type), data);
    }

    private static Class<?> generatedClass(Schema written) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = context == null ? AvroDeserializer.class.getClassLoader() : context;
        return GeneratedClasses.find(written.getFullName(), loader)
                .orElseThrow(() ->
                        new SerializationException(
                                "there is no generated class '"
                                        + written.getFullName()
                                        + "' on the class path, and '"
                                        + SerdeSettings.SPECIFIC_READER
                                        + "' is true; add it or set it to false"));
    }

    @Override
    public void close() {
        if (ownsClient) {
            client.ifPresent(SchemaRegistryClient::close);
        }
    }
}
