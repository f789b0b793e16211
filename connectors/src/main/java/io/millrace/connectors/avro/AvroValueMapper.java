package io.millrace.connectors.avro;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An Avro value -> a Connect value, along both schemas; the way back of {@link ConnectValueMapper}.
 * Threading: any thread.
 */
final class AvroValueMapper {
    private AvroValueMapper() {}

    static @Nullable Object map(
            Schema avro, org.apache.kafka.connect.data.Schema schema, @Nullable Object value) {
        return value == null ? null : present(AvroSchemaMapper.present(avro), schema, value);
    }

    private static Object present(
            Schema avro, org.apache.kafka.connect.data.Schema schema, Object value) {
        return switch (schema.type()) {
            case INT8 -> ((Integer) value).byteValue();
            case INT16 -> ((Integer) value).shortValue();
            case INT32 -> int32(schema, (Integer) value);
            case INT64 ->
                    Timestamp.LOGICAL_NAME.equals(schema.name())
                            ? Timestamp.toLogical(schema, (Long) value)
                            : value;
            case FLOAT32, FLOAT64, BOOLEAN -> value;
            case STRING -> value.toString();
            case BYTES -> bytes(schema, value);
            case ARRAY -> list(avro, schema, (Collection<?>) value);
            case MAP -> stringMap(avro, schema, (Map<?, ?>) value);
            case STRUCT -> struct(avro, schema, (IndexedRecord) value);
        };
    }

    private static Object int32(org.apache.kafka.connect.data.Schema schema, Integer value) {
        if (Date.LOGICAL_NAME.equals(schema.name())) {
            return Date.toLogical(schema, value);
        }
        return Time.LOGICAL_NAME.equals(schema.name()) ? Time.toLogical(schema, value) : value;
    }

    private static Object bytes(org.apache.kafka.connect.data.Schema schema, Object value) {
        ByteBuffer buffer =
                value instanceof GenericFixed fixed
                        ? ByteBuffer.wrap(fixed.bytes())
                        : ((ByteBuffer) value).duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return Decimal.LOGICAL_NAME.equals(schema.name())
                ? Decimal.toLogical(schema, bytes)
                : bytes;
    }

    private static List<@Nullable Object> list(
            Schema avro, org.apache.kafka.connect.data.Schema schema, Collection<?> values) {
        List<@Nullable Object> list = new ArrayList<>(values.size());
        for (Object each : values) {
            list.add(map(avro.getElementType(), schema.valueSchema(), each));
        }
        return list;
    }

    private static Map<String, @Nullable Object> stringMap(
            Schema avro, org.apache.kafka.connect.data.Schema schema, Map<?, ?> values) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        values.forEach((key, each) ->
                map.put(String.valueOf(key), map(avro.getValueType(), schema.valueSchema(), each)));
        return map;
    }

    private static Struct struct(
            Schema avro, org.apache.kafka.connect.data.Schema schema, IndexedRecord record) {
        Struct struct = new Struct(schema);
        for (Field field : schema.fields()) {
            Schema.Field from = avro.getFields().get(field.index());
            struct.put(field, map(from.schema(), field.schema(), record.get(from.pos())));
        }
        return struct;
    }
}
