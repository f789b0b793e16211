package io.millrace.engine.filter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import io.millrace.engine.model.DecodedValue;

import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Avro data as the JSON text a handler would see: records and maps are objects, enums text, bytes
 * base64, unions what they hold, dates and times ISO-8601, decimals numbers.
 *
 * <p>It goes from the datum to the text without objects in between, so that the bound on the text
 * also bounds work and memory: a few bytes of Avro can stand for a list of a billion nulls.
 *
 * <p>Threading: any thread. It remembers up to {@value #MAX_SCHEMAS} schemas and then begins anew.
 */
final class AvroJson {
    private static final int MAX_SCHEMAS = 1_000;
    private static final JsonFactory JSON = new JsonFactory();

    private final int maxLength;
    private final ConcurrentMap<DecodedValue.WriterSchema, Schema> schemas =
            new ConcurrentHashMap<>();

    AvroJson(int maxLength) {
        this.maxLength = maxLength;
    }

    /** The text would be longer than allowed. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Renders one datum that fills the payload to its end.
     *
     * @throws TooLong if it becomes longer than allowed
     */
    String text(DecodedValue.Avro value) throws IOException {
        BoundedText text = new BoundedText(maxLength);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            byte[] binary = value.binary().bytes();
            BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(binary, null);
            new Rendering(decoder, json, binary.length).write(schemaOf(value.schema()));
            if (!decoder.isEnd()) {
                throw new IOException("bytes are left behind the datum");
            }
        }
        return text.toString();
    }

    private Schema schemaOf(DecodedValue.WriterSchema writer) {
        Schema known = schemas.get(writer);
        if (known != null) {
            return known;
        }
        if (schemas.size() >= MAX_SCHEMAS) {
            schemas.clear();
        }
        return schemas.computeIfAbsent(
                writer,
                missing ->
                        // Names and defaults were its writer's to choose.
                        new Schema.Parser(NameValidator.NO_VALIDATION)
                                .setValidateDefaults(false)
                                .parse(missing.json()));
    }

    private record Rendering(BinaryDecoder decoder, JsonGenerator json, int size) {
        void write(Schema schema) throws IOException {
            switch (schema.getType()) {
                case RECORD -> {
                    json.writeStartObject();
                    for (Schema.Field field : schema.getFields()) {
                        json.writeFieldName(field.name());
                        write(field.schema());
                    }
                    json.writeEndObject();
                }
                case MAP -> map(schema.getValueType());
                case ARRAY -> array(schema.getElementType());
                case UNION -> write(schema.getTypes().get(decoder.readIndex()));
                case ENUM -> json.writeString(schema.getEnumSymbols().get(decoder.readEnum()));
                case STRING -> json.writeString(string());
                case BYTES -> binary(schema.getLogicalType(), bytes(decoder.readLong()));
                case FIXED -> binary(schema.getLogicalType(), bytes(schema.getFixedSize()));
                case INT -> integer(schema.getLogicalType(), decoder.readInt());
                case LONG -> integer(schema.getLogicalType(), decoder.readLong());
                case FLOAT -> json.writeNumber(decoder.readFloat());
                case DOUBLE -> json.writeNumber(decoder.readDouble());
                case BOOLEAN -> json.writeBoolean(decoder.readBoolean());
                case NULL -> {
                    decoder.readNull();
                    json.writeNull();
                }
            }
        }

        private void map(Schema values) throws IOException {
            json.writeStartObject();
            for (long left = decoder.readMapStart(); left > 0; left = decoder.mapNext()) {
                for (long i = 0; i < left; i++) {
                    json.writeFieldName(string());
                    write(values);
                }
            }
            json.writeEndObject();
        }

        private void array(Schema elements) throws IOException {
            json.writeStartArray();
            for (long left = decoder.readArrayStart(); left > 0; left = decoder.arrayNext()) {
                for (long i = 0; i < left; i++) {
                    write(elements);
                }
            }
            json.writeEndArray();
        }

        private String string() throws IOException {
            return new String(bytes(decoder.readLong()), StandardCharsets.UTF_8);
        }

        private byte[] bytes(long length) throws IOException {
            if (length < 0 || length > size) {
                throw new IOException(
                        "a length of " + length + " in a datum of " + size + " bytes");
            }
            byte[] bytes = new byte[(int) length];
            decoder.readFixed(bytes);
            return bytes;
        }

        private void binary(LogicalType meaning, byte[] bytes) throws IOException {
            if (meaning instanceof LogicalTypes.Decimal decimal) {
                json.writeNumber(new BigDecimal(new BigInteger(bytes), decimal.getScale()));
            } else {
                json.writeBinary(bytes);
            }
        }

        private void integer(LogicalType meaning, long value) throws IOException {
            switch (meaning) {
                case LogicalTypes.Date _ -> text(LocalDate.ofEpochDay(value));
                case LogicalTypes.TimeMillis _ -> text(LocalTime.ofNanoOfDay(value * 1_000_000));
                case LogicalTypes.TimeMicros _ -> text(LocalTime.ofNanoOfDay(value * 1_000));
                case LogicalTypes.TimestampMicros _ ->
                        text(Instant.EPOCH.plus(value, ChronoUnit.MICROS));
                case LogicalTypes.TimestampNanos _ -> text(Instant.EPOCH.plusNanos(value));
                case null, default -> json.writeNumber(value);
            }
        }

        private void text(Object iso) throws IOException {
            json.writeString(iso.toString());
        }
    }

    private static final class BoundedText extends Writer {
        private final StringBuilder text = new StringBuilder();
        private final int max;

        BoundedText(int max) {
            this.max = max;
        }

        @Override
        public void write(char[] chars, int from, int length) throws IOException {
            if (text.length() + length > max) {
                throw new TooLong();
            }
            text.append(chars, from, length);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
