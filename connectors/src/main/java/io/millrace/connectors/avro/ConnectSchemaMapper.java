package io.millrace.connectors.avro;

import static org.apache.avro.JsonProperties.NULL_VALUE;

import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One Connect schema -> one Avro schema.
 *
 * <ul>
 *   <li>A struct is a record of the same name; without name it is named after where it stands.
 *   <li>Optional is a union with null; the default decides which branch is first.
 *   <li>Decimal, Date, Time and Timestamp are Avro's logical types; an enum is a string with
 *       parameters; what Avro has no word for becomes properties.
 *   <li>Field and record names must be names in Avro, map keys must be strings: else a {@link
 *       DataException} says which is not.
 * </ul>
 *
 * Threading: one instance per schema.
 */
final class ConnectSchemaMapper {
    private static final String UNNAMED = "io.millrace.connectors.avro.Record";
    private static final Set<String> LOGICAL =
            Set.of(
                    Decimal.LOGICAL_NAME,
                    Date.LOGICAL_NAME,
                    Time.LOGICAL_NAME,
                    Timestamp.LOGICAL_NAME);
    private static final Set<String> OWN_PARAMETERS =
            Set.of(
                    ConnectProperties.ENUM,
                    ConnectProperties.ENUM_SYMBOLS,
                    ConnectProperties.FIXED,
                    ConnectProperties.FIXED_SIZE,
                    ConnectProperties.DECIMAL_PRECISION,
                    Decimal.SCALE_FIELD);

    private final Map<String, Named> named = new HashMap<>();

    private record Named(org.apache.kafka.connect.data.Schema connect, Schema avro) {}

    private ConnectSchemaMapper() {}

    static Schema map(org.apache.kafka.connect.data.Schema schema) {
        try {
            return new ConnectSchemaMapper().optional(schema, UNNAMED);
        } catch (AvroRuntimeException e) {
            throw new DataException(
                    "Schema '"
                            + schema.name()
                            + "' cannot be written as Avro: "
                            + e.getMessage()
                            + ". Names may have letters, digits and underscores; rename with a"
                            + " transform",
                    e);
        }
    }

    private Schema optional(org.apache.kafka.connect.data.Schema schema, String fallbackName) {
        Schema avro = required(schema, fallbackName);
        if (!schema.isOptional()) {
            return avro;
        }
        Schema none = Schema.create(Schema.Type.NULL);
        return schema.defaultValue() == null
                ? Schema.createUnion(none, avro)
                : Schema.createUnion(avro, none);
    }

    private Schema required(org.apache.kafka.connect.data.Schema schema, String fallbackName) {
        return switch (schema.type()) {
            case INT8 -> plain(schema, Schema.Type.INT, "int8");
            case INT16 -> plain(schema, Schema.Type.INT, "int16");
            case INT32 -> int32(schema);
            case INT64 ->
                    Timestamp.LOGICAL_NAME.equals(schema.name())
                            ? LogicalTypes.timestampMillis()
                                    .addToSchema(Schema.create(Schema.Type.LONG))
                            : plain(schema, Schema.Type.LONG, "");
            case FLOAT32 -> plain(schema, Schema.Type.FLOAT, "");
            case FLOAT64 -> plain(schema, Schema.Type.DOUBLE, "");
            case BOOLEAN -> plain(schema, Schema.Type.BOOLEAN, "");
            case STRING -> string(schema);
            case BYTES -> bytes(schema);
            case ARRAY ->
                    described(
                            schema,
                            Schema.createArray(optional(schema.valueSchema(), fallbackName)));
            case MAP -> stringMap(schema, fallbackName);
            case STRUCT -> record(schema, fallbackName);
        };
    }

    private static Schema int32(org.apache.kafka.connect.data.Schema schema) {
        if (Date.LOGICAL_NAME.equals(schema.name())) {
            return LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
        }
        if (Time.LOGICAL_NAME.equals(schema.name())) {
            return LogicalTypes.timeMillis().addToSchema(Schema.create(Schema.Type.INT));
        }
        return plain(schema, Schema.Type.INT, "");
    }

    private static Schema string(org.apache.kafka.connect.data.Schema schema) {
        String name = parameter(schema, ConnectProperties.ENUM);
        String symbols = parameter(schema, ConnectProperties.ENUM_SYMBOLS);
        return name.isEmpty() || symbols.isEmpty()
                ? plain(schema, Schema.Type.STRING, "")
                : Schema.createEnum(name, null, null, List.of(symbols.split(",")));
    }

    private static Schema bytes(org.apache.kafka.connect.data.Schema schema) {
        if (Decimal.LOGICAL_NAME.equals(schema.name())) {
            String precision = parameter(schema, ConnectProperties.DECIMAL_PRECISION);
            return LogicalTypes.decimal(
                            precision.isEmpty()
                                    ? ConnectProperties.DEFAULT_PRECISION
                                    : Integer.parseInt(precision),
                            Integer.parseInt(parameter(schema, Decimal.SCALE_FIELD)))
                    .addToSchema(Schema.create(Schema.Type.BYTES));
        }
        String fixed = parameter(schema, ConnectProperties.FIXED);
        return fixed.isEmpty()
                ? plain(schema, Schema.Type.BYTES, "")
                : Schema.createFixed(
                        fixed,
                        null,
                        null,
                        Integer.parseInt(parameter(schema, ConnectProperties.FIXED_SIZE)));
    }

    private Schema stringMap(org.apache.kafka.connect.data.Schema schema, String fallbackName) {
        if (schema.keySchema().type() != org.apache.kafka.connect.data.Schema.Type.STRING
                || schema.keySchema().isOptional()) {
            throw new DataException(
                    "A map in '"
                            + fallbackName
                            + "' has keys of type "
                            + schema.keySchema().type()
                            + (schema.keySchema().isOptional() ? " or null" : "")
                            + "; Avro's maps have string keys only");
        }
        return described(schema, Schema.createMap(optional(schema.valueSchema(), fallbackName)));
    }

    private Schema record(org.apache.kafka.connect.data.Schema schema, String fallbackName) {
        String name = schema.name() == null ? fallbackName : schema.name();
        Named before = named.get(name);
        if (before != null) {
            return sameRecord(name, before, schema);
        }
        Schema record = Schema.createRecord(name, schema.doc(), null, false);
        describe(schema, record);
        named.put(name, new Named(schema, record));
        List<Schema.Field> fields = new ArrayList<>();
        for (Field field : schema.fields()) {
            Schema type = optional(field.schema(), name + "_" + field.name());
            // The record's own description is its own; only a plain field's is the field's.
            String doc = isRecord(field.schema()) ? null : field.schema().doc();
            fields.add(new Schema.Field(field.name(), type, doc, fieldDefault(field, type)));
        }
        record.setFields(fields);
        return record;
    }

    private static Schema sameRecord(
            String name, Named before, org.apache.kafka.connect.data.Schema schema) {
        if (!before.connect().fields().equals(schema.fields())) {
            throw new DataException(
                    "Two structs are named '"
                            + name
                            + "' and have different fields; Avro needs one meaning per name");
        }
        return before.avro();
    }

    private static @Nullable Object fieldDefault(Field field, Schema type) {
        Object value = field.schema().defaultValue();
        if (value != null) {
            return AvroDefaults.of(ConnectValueMapper.map(field.schema(), type, value));
        }
        return field.schema().isOptional() ? NULL_VALUE : null;
    }

    private static boolean isRecord(org.apache.kafka.connect.data.Schema schema) {
        return schema.type() == org.apache.kafka.connect.data.Schema.Type.STRUCT;
    }

    private static Schema plain(
            org.apache.kafka.connect.data.Schema schema, Schema.Type type, String connectType) {
        Schema avro = Schema.create(type);
        if (!connectType.isEmpty()) {
            avro.addProp(ConnectProperties.TYPE, connectType);
        }
        return described(schema, avro);
    }

    private static Schema described(org.apache.kafka.connect.data.Schema schema, Schema avro) {
        if (schema.name() != null && !LOGICAL.contains(schema.name())) {
            avro.addProp(ConnectProperties.NAME, schema.name());
        }
        describe(schema, avro);
        return avro;
    }

    private static void describe(org.apache.kafka.connect.data.Schema schema, Schema avro) {
        if (schema.version() != null) {
            avro.addProp(ConnectProperties.VERSION, schema.version());
        }
        if (schema.parameters() != null) {
            Map<String, String> parameters = new TreeMap<>(schema.parameters());
            parameters.keySet().removeAll(OWN_PARAMETERS);
            if (!parameters.isEmpty()) {
                avro.addProp(ConnectProperties.PARAMETERS, parameters);
            }
        }
    }

    private static String parameter(org.apache.kafka.connect.data.Schema schema, String name) {
        String value = schema.parameters() == null ? null : schema.parameters().get(name);
        return value == null ? "" : value;
    }
}
