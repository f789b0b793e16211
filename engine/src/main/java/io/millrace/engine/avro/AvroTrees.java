package io.millrace.engine.avro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.millrace.engine.model.DecodedValue;

import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.DatumReader;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;

/**
 * Avro data as a JSON tree.
 *
 * <p>Records and maps become objects, enums text, bytes binary (base64 as text), unions what they
 * hold. {@code timestamp-millis} stays a number; dates, times and finer timestamps become ISO-8601
 * text, decimals numbers. Threading: any thread.
 */
public final class AvroTrees {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Avro's other way of reading caches per thread, which is of no use on virtual threads. */
    private static final GenericData MODEL = new GenericData().setFastReaderEnabled(true);

    private final SchemaCache<Reader> readers =
            new SchemaCache<>(schema -> new Reader(schema, readerFor(schema)));

    private record Reader(Schema schema, DatumReader<Object> datums) {}

    /** A reader of generic data in the form it was written in. */
    @SuppressWarnings("unchecked") // Avro's own signature is raw
    public static DatumReader<Object> readerFor(Schema schema) {
        return MODEL.createDatumReader(schema);
    }

    /** Reads one datum, which must fill the bytes to their end. */
    public JsonNode read(DecodedValue.Avro value) throws IOException {
        Reader reader = readers.of(value.schema());
        return tree(reader.schema(), SchemaCache.read(reader.datums(), value.binary()));
    }

    private JsonNode tree(Schema schema, Object datum) {
        return switch (schema.getType()) {
            case RECORD -> object(schema, (IndexedRecord) datum);
            case MAP -> object(schema.getValueType(), (Map<?, ?>) datum);
            case ARRAY -> array(schema.getElementType(), (Collection<?>) datum);
            case UNION -> tree(schema.getTypes().get(MODEL.resolveUnion(schema, datum)), datum);
            case ENUM, STRING -> NODES.textNode(datum.toString());
            case BYTES -> binary(schema.getLogicalType(), bytesOf((ByteBuffer) datum));
            case FIXED -> binary(schema.getLogicalType(), ((GenericFixed) datum).bytes());
            case INT -> integer(schema.getLogicalType(), (Integer) datum);
            case LONG -> integer(schema.getLogicalType(), (Long) datum);
            case FLOAT -> NODES.numberNode((Float) datum);
            case DOUBLE -> NODES.numberNode((Double) datum);
            case BOOLEAN -> NODES.booleanNode((Boolean) datum);
            case NULL -> NODES.nullNode();
        };
    }

    private ObjectNode object(Schema schema, IndexedRecord datum) {
        ObjectNode node = NODES.objectNode();
        for (Schema.Field field : schema.getFields()) {
            node.set(field.name(), tree(field.schema(), datum.get(field.pos())));
        }
        return node;
    }

    private ObjectNode object(Schema values, Map<?, ?> datum) {
        ObjectNode node = NODES.objectNode();
        datum.forEach((key, value) -> node.set(key.toString(), tree(values, value)));
        return node;
    }

    private ArrayNode array(Schema elements, Collection<?> datum) {
        ArrayNode node = NODES.arrayNode(datum.size());
        datum.forEach(element -> node.add(tree(elements, element)));
        return node;
    }

    private static JsonNode binary(LogicalType meaning, byte[] bytes) {
        return meaning instanceof LogicalTypes.Decimal decimal
                ? DecimalNode.valueOf(new BigDecimal(new BigInteger(bytes), decimal.getScale()))
                : NODES.binaryNode(bytes);
    }

    private static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static JsonNode integer(LogicalType meaning, long value) {
        return switch (meaning) {
            case LogicalTypes.Date _ -> text(LocalDate.ofEpochDay(value));
            case LogicalTypes.TimeMillis _ -> text(LocalTime.ofNanoOfDay(value * 1_000_000));
            case LogicalTypes.TimeMicros _ -> text(LocalTime.ofNanoOfDay(value * 1_000));
            case LogicalTypes.TimestampMicros _ ->
                    text(Instant.EPOCH.plus(value, ChronoUnit.MICROS));
            case LogicalTypes.TimestampNanos _ -> text(Instant.EPOCH.plusNanos(value));
            case null, default -> NODES.numberNode(value);
        };
    }

    private static JsonNode text(Object iso) {
        return NODES.textNode(iso.toString());
    }
}
