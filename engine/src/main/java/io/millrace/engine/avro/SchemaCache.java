package io.millrace.engine.avro;

import io.millrace.engine.model.DecodedValue.WriterSchema;
import io.millrace.engine.model.Payload;

import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;

import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/**
 * What is derived from a writer's schema, made once for each.
 *
 * <p>Bounded: it is emptied when it is full, which a topic with a sane number of schemas never
 * sees. Threading: any thread.
 */
public final class SchemaCache<T> {
    private static final int MAX_SCHEMAS = 1_000;

    private final ConcurrentMap<WriterSchema, T> derived = new ConcurrentHashMap<>();
    private final Function<Schema, T> derivation;

    /** Derives with this function, once for each schema. */
    public SchemaCache(Function<Schema, T> derivation) {
        this.derivation = derivation;
    }

    /** What was derived from this schema. */
    public T of(WriterSchema schema) {
        T found = derived.get(schema);
        if (found != null) {
            return found;
        }
        if (derived.size() >= MAX_SCHEMAS) {
            derived.clear();
        }
        return derived.computeIfAbsent(schema, missing -> derivation.apply(parse(missing)));
    }

    private static Schema parse(WriterSchema schema) {
        // Names and defaults were its writer's to choose.
        return new Schema.Parser(NameValidator.NO_VALIDATION)
                .setValidateDefaults(false)
                .parse(schema.json());
    }

    /** Reads one datum that fills the payload to its end. */
    public static Object read(DatumReader<Object> reader, Payload binary) throws IOException {
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(binary.bytes(), null);
        Object datum = reader.read(null, decoder);
        if (!decoder.isEnd()) {
            throw new IOException("bytes are left behind the datum");
        }
        return datum;
    }
}
