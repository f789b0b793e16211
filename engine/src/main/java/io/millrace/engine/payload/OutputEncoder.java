package io.millrace.engine.payload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.LRUMap;
import com.fasterxml.jackson.databind.util.LookupCache;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

import io.millrace.engine.model.Failure;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.Output;
import io.millrace.engine.model.Payload;
import io.millrace.schemas.registry.WireFormat;

import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Turns what a handler returned into the bytes of the results topic.
 *
 * <table>
 *   <caption>Which value becomes what</caption>
 *   <tr><th>value</th><th>bytes</th><th>content type</th></tr>
 *   <tr><td>{@code byte[]}, {@link ByteBuffer}</td><td>as they are</td><td>{@value #BYTES}</td></tr>
 *   <tr><td>{@link CharSequence}</td><td>UTF-8</td><td>{@value #TEXT}</td></tr>
 *   <tr><td>an Avro record</td><td>Avro behind the id of its schema</td><td>{@value #AVRO}</td></tr>
 *   <tr><td>anything else</td><td>JSON</td><td>{@value #JSON}</td></tr>
 * </table>
 *
 * <p>A value that cannot be encoded is a failure of its event: not retried, since the function
 * would return the like again, unless only the schema registry was out of reach.
 *
 * <p>Make one per invoker: it remembers the classes it has written. Threading: any thread.
 */
public final class OutputEncoder {
    public static final String BYTES = "application/octet-stream";
    public static final String TEXT = "text/plain; charset=utf-8";
    public static final String JSON = "application/json";

    /** Confluent's framing: a zero byte, the schema's id in 4 bytes, the datum. */
    public static final String AVRO = "application/vnd.confluent.avro";

    private static final int CACHED_TYPES = 200;

    private final String subject;
    private final SchemaRegistration registration;
    private final JsonMapper json = mapper();

    /**
     * An encoder for one results topic.
     *
     * @param resultsTopic schemas are registered under its name with {@code -value} behind it
     */
    public OutputEncoder(String resultsTopic, SchemaRegistration registration) {
        this.subject = resultsTopic + "-value";
        this.registration = registration;
    }

    private static JsonMapper mapper() {
        // The default cache of types is shared by the JVM and would keep a function's classes.
        LookupCache<Object, com.fasterxml.jackson.databind.JavaType> cache =
                new LRUMap<>(16, CACHED_TYPES);
        return JsonMapper.builder()
                .typeFactory(TypeFactory.defaultInstance().withCache(cache))
                .addModule(new JavaTimeModule())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .build();
    }

    /** Encodes one value, not null; never throws. */
    public ItemEnd encode(Object value) {
        try {
            return switch (value) {
                case byte[] bytes -> done(bytes.clone(), BYTES);
                case ByteBuffer buffer -> done(bytesOf(buffer), BYTES);
                case CharSequence text ->
                        new ItemEnd.Done(new Output.Value(Payload.of(text.toString()), TEXT));
                case IndexedRecord datum -> avro(datum);
                default -> done(json.writeValueAsBytes(value), JSON);
            };
        } catch (IOException | RuntimeException | LinkageError | StackOverflowError unfit) {
            return failed(
                    Failure.Kind.NON_RETRYABLE,
                    "ResultNotEncodable",
                    "the result of type "
                            + value.getClass().getName()
                            + " cannot be written: "
                            + reasonOf(unfit));
        }
    }

    private static ItemEnd done(byte[] bytes, String contentType) {
        return new ItemEnd.Done(new Output.Value(Payload.of(bytes), contentType));
    }

    private static byte[] bytesOf(ByteBuffer buffer) {
        ByteBuffer view = buffer.duplicate();
        byte[] bytes = new byte[view.remaining()];
        view.get(bytes);
        return bytes;
    }

    private ItemEnd avro(IndexedRecord datum) throws IOException {
        return switch (registration.register(subject, datum.getSchema())) {
            case SchemaRegistration.Answer.Registered(int id) ->
                    done(WireFormat.frame(id, binaryOf(datum)), AVRO);
            case SchemaRegistration.Answer.Refused(String reason) ->
                    failed(Failure.Kind.NON_RETRYABLE, "ResultSchemaRefused", reason);
            case SchemaRegistration.Answer.Unavailable(String reason) ->
                    failed(Failure.Kind.UNAVAILABLE, "SchemaRegistryUnavailable", reason);
        };
    }

    @SuppressWarnings("unchecked") // Avro's own signature is raw
    private static byte[] binaryOf(IndexedRecord datum) throws IOException {
        GenericData model =
                datum instanceof SpecificRecord
                        ? SpecificData.getForClass(datum.getClass())
                        : GenericData.get();
        DatumWriter<Object> writer = model.createDatumWriter(datum.getSchema());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        writer.write(datum, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static String reasonOf(Throwable unfit) {
        // The original message of Jackson leaves out where in the source it was.
        return unfit instanceof JsonProcessingException json
                ? json.getOriginalMessage()
                : unfit.toString();
    }

    private static ItemEnd failed(Failure.Kind kind, String type, String message) {
        return new ItemEnd.Failed(new Failure(kind, type, message));
    }
}
