package io.millrace.connectors.avro;

import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Avro values in the plain form in which a field's default is given. */
final class AvroDefaults {
    private AvroDefaults() {}

    static Object of(@Nullable Object value) {
        if (value == null) {
            return org.apache.avro.JsonProperties.NULL_VALUE;
        }
        if (value instanceof GenericRecord record) {
            Map<String, Object> fields = new LinkedHashMap<>();
            record.getSchema()
                    .getFields()
                    .forEach(field -> fields.put(field.name(), of(record.get(field.pos()))));
            return fields;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(AvroDefaults::of).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> entries = new LinkedHashMap<>();
            map.forEach((key, each) -> entries.put(String.valueOf(key), of(each)));
            return entries;
        }
        if (value instanceof ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            return copy;
        }
        if (value instanceof GenericFixed fixed) {
            return fixed.bytes();
        }
        return value instanceof GenericEnumSymbol<?> symbol ? symbol.toString() : value;
    }
}
