package io.millrace.engine.inspect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.millrace.engine.model.Payload;
import io.millrace.schemas.registry.AvroDeserializer;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.registry.WireFormat;

import org.apache.kafka.common.errors.SerializationException;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds out what the bytes of keys and values are. Never fails: what cannot be decoded is shown as
 * bytes. A schema registry that cannot be used is told once. Threading: one thread.
 */
public final class ValueReader {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final AvroDeserializer<Object> avro;
    private final Consumer<String> warnings;
    private boolean hasRegistry = true;

    /**
     * A reader that asks the registry for the schemas of Avro values.
     *
     * @param warnings gets a line if the registry cannot be used
     */
    public ValueReader(SchemaRegistryClient schemas, Consumer<String> warnings) {
        this.avro = new AvroDeserializer<>(schemas);
        this.warnings = warnings;
    }

    public ShownValue read(String topic, Payload payload) {
        if (payload.isNull()) {
            return new ShownValue.Nothing();
        }
        byte[] bytes = payload.bytes();
        return avro(topic, bytes).or(() -> text(bytes)).orElseGet(() -> raw(bytes));
    }

    private Optional<ShownValue> avro(String topic, byte[] bytes) {
        if (!WireFormat.isFramed(bytes) || !hasRegistry) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ShownValue.Avro(AvroJson.of(avro.deserialize(topic, bytes))));
        } catch (SerializationException _) {
            // Bytes that only look framed.
            return Optional.empty();
        } catch (RegistryException e) {
            if (e.kind() == RegistryException.Kind.UNAVAILABLE
                    || e.kind() == RegistryException.Kind.DENIED) {
                // Asking again for every record would make each of them wait.
                hasRegistry = false;
                warnings.accept("Avro values are shown as bytes: " + e.getMessage());
            }
            return Optional.empty();
        }
    }

    private static Optional<ShownValue> text(byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
        if (text.chars().anyMatch(c -> c < ' ' && c != '\n' && c != '\r' && c != '\t')) {
            return Optional.empty();
        }
        String start = text.stripLeading();
        boolean mayBeJson = start.startsWith("{") || start.startsWith("[");
        Optional<ShownValue> json = mayBeJson ? json(text) : Optional.empty();
        return json.or(() -> Optional.of(new ShownValue.Text(text)));
    }

    private static Optional<ShownValue> json(String text) {
        try {
            JsonNode tree = JSON.readTree(text);
            return Optional.of(new ShownValue.Json(tree, text));
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }

    private static ShownValue raw(byte[] bytes) {
        return new ShownValue.Bytes(bytes.length, Base64.getEncoder().encodeToString(bytes));
    }
}
