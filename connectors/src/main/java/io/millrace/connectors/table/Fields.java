package io.millrace.connectors.table;

import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;

import java.util.Optional;

/** Reads fields that may not be there. A default of the schema is never taken for a value. */
final class Fields {
    private Fields() {}

    /** The field's own value; empty if it is null or there is no such field. */
    static Optional<Object> value(Struct struct, String name) {
        Field field = struct.schema().field(name);
        return field == null
                ? Optional.empty()
                : Optional.ofNullable(struct.getWithoutDefault(name));
    }

    /** The field's text; empty if it is null, no text, or there is no such field. */
    static Optional<String> text(Struct struct, String name) {
        return value(struct, name).filter(String.class::isInstance).map(String.class::cast);
    }

    /** The field's whole number; empty if it is null, no number, or there is no such field. */
    static Optional<Long> number(Struct struct, String name) {
        return value(struct, name)
                .filter(Number.class::isInstance)
                .map(value -> ((Number) value).longValue());
    }

    /** The field's struct; empty if it is null, no struct, or there is no such field. */
    static Optional<Struct> struct(Struct struct, String name) {
        return value(struct, name).filter(Struct.class::isInstance).map(Struct.class::cast);
    }
}
