package io.millrace.connectors.avro;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Connect value -> an Avro value, along both schemas.
 *
 * <p>A missing value of a required field becomes the field's default; without one it is a {@link
 * DataException}. An optional field without value stays without. Threading: any thread.
 */
final class ConnectValueMapper {
    private ConnectValueMapper() {}

    static @Nullable Object map(
            org.apache.kafka.connect.data.Schema schema, Schema avro, @Nullable Object value) {
        return map(schema, avro, value, schema.name() == null ? "value" : schema.name());
    }

    private static @Nullable Object map(
            org.apache.kafka.connect.data.Schema schema,
            Schema avro,
            @Nullable Object value,
            String path) {
        if (value == null) {
            if (schema.isOptional()) {
                return null;
            }
            if (schema.defaultValue() == null) {
                throw new DataException("'" + path + "' is required and has no value");
            }
            return map(schema, avro, schema.defaultValue(), path);
        }
        try {
            return present(schema, avro(avro, schema), value, path);
        } catch (ClassCastException e) {
            throw new DataException(
                    "'"
                            + path
                            + "' is declared as "
                            + schema.type()
                            + " and holds a "
                            + value.getClass().getName(),
                    e);
        }
    }

    private static Object present(
            org.apache.kafka.connect.data.Schema schema, Schema avro, Object value, String path) {
        return switch (schema.type()) {
            case INT8 -> (int) (Byte) value;
            case INT16 -> (int) (Short) value;
            case INT32 -> int32(schema, value);
            case INT64 ->
                    Timestamp.LOGICAL_NAME.equals(schema.name())
                            ? (Long) Timestamp.fromLogical(schema, (java.util.Date) value)
                            : (Long) value;
            case FLOAT32 -> (Float) value;
            case FLOAT64 -> (Double) value;
            case BOOLEAN -> (Boolean) value;
            case STRING ->
                    avro.getType() == Schema.Type.ENUM
                            ? symbol(avro, (String) value, path)
                            : (String) value;
            case BYTES -> bytes(schema, avro, value, path);
            case ARRAY -> list(schema, avro, (List<?>) value, path);
            case MAP -> stringMap(schema, avro, (Map<?, ?>) value, path);
            case STRUCT -> record(avro, (Struct) value, path);
        };
    }

    private static Object int32(org.apache.kafka.connect.data.Schema schema, Object value) {
        if (Date.LOGICAL_NAME.equals(schema.name())) {
            return Date.fromLogical(schema, (java.util.Date) value);
        }
        if (Time.LOGICAL_NAME.equals(schema.name())) {
            return Time.fromLogical(schema, (java.util.Date) value);
        }
        return (Integer) value;
    }

    private static Object symbol(Schema avro, String value, String path) {
        if (!avro.hasEnumSymbol(value)) {
            throw new DataException(
                    "'" + path + "' is '" + value + "'; allowed: " + avro.getEnumSymbols());
        }
        return new GenericData.EnumSymbol(avro, value);
    }

    private static Object bytes(
            org.apache.kafka.connect.data.Schema schema, Schema avro, Object value, String path) {
        if (Decimal.LOGICAL_NAME.equals(schema.name())) {
            return ByteBuffer.wrap(Decimal.fromLogical(schema, (BigDecimal) value));
        }
        ByteBuffer buffer =
                value instanceof byte[] array
                        ? ByteBuffer.wrap(array)
                        : ((ByteBuffer) value).duplicate();
        if (avro.getType() != Schema.Type.FIXED) {
            return buffer;
        }
        byte[] fixed = new byte[buffer.remaining()];
        buffer.get(fixed);
        if (fixed.length != avro.getFixedSize()) {
            throw new DataException(
                    "'"
                            + path
                            + "' has "
                            + fixed.length
                            + " bytes; its type has "
                            + avro.getFixedSize());
        }
        return new GenericData.Fixed(avro, fixed);
    }

    private static List<@Nullable Object> list(
            org.apache.kafka.connect.data.Schema schema, Schema avro, List<?> values, String path) {
        List<@Nullable Object> list = new ArrayList<>(values.size());
        for (Object each : values) {
            list.add(map(schema.valueSchema(), avro.getElementType(), each, path + "[]"));
        }
        return list;
    }

    private static Map<String, @Nullable Object> stringMap(
            org.apache.kafka.connect.data.Schema schema,
            Schema avro,
            Map<?, ?> values,
            String path) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        values.forEach((key, each) ->
                map.put(
                        (String) key,
                        map(schema.valueSchema(), avro.getValueType(), each, path + "{}")));
        return map;
    }

    private static GenericData.Record record(Schema avro, Struct struct, String path) {
        GenericData.Record record = new GenericData.Record(avro);
        for (Field field : struct.schema().fields()) {
            Schema.Field target = avro.getField(field.name());
            if (target == null) {
                throw new DataException(
                        "'"
                                + path
                                + "' holds a struct '"
                                + struct.schema().name()
                                + "' with a field '"
                                + field.name()
                                + "' that its schema does not have");
            }
            record.put(
                    target.pos(),
                    map(
                            field.schema(),
                            target.schema(),
                            struct.getWithoutDefault(field.name()),
                            path + "." + field.name()));
        }
        return record;
    }

    /** The branch of an optional schema that holds a value. */
    private static Schema avro(Schema avro, org.apache.kafka.connect.data.Schema schema) {
        if (avro.getType() != Schema.Type.UNION) {
            return avro;
        }
        return avro.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .findFirst()
                .orElseThrow(() -> new DataException("No branch for " + schema.type()));
    }
}
