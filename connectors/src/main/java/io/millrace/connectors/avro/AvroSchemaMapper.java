package io.millrace.connectors.avro;

import org.apache.avro.JsonProperties;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One Avro schema -> one Connect schema; the way back of {@link ConnectSchemaMapper}.
 *
 * <p>Of unions only "something or null" has a form in Connect, and no schema may hold itself: both
 * are a {@link DataException} otherwise. Threading: one instance per schema.
 */
final class AvroSchemaMapper {
    private final Set<String> open = new HashSet<>();

    private AvroSchemaMapper() {}

    static org.apache.kafka.connect.data.Schema map(Schema avro) {
        return new AvroSchemaMapper().builder(avro).build();
    }

    /** The branch of "something or null" that is something; any other schema itself. */
    static Schema present(Schema avro) {
        if (avro.getType() != Schema.Type.UNION) {
            return avro;
        }
        List<Schema> branches =
                avro.getTypes().stream()
                        .filter(branch -> branch.getType() != Schema.Type.NULL)
                        .toList();
        if (branches.size() != 1) {
            throw new DataException(
                    "The union " + avro + " has no form in Connect; only one type or null has");
        }
        return branches.get(0);
    }

    private SchemaBuilder builder(Schema avro) {
        Schema present = present(avro);
        SchemaBuilder builder = required(present);
        if (avro.getType() == Schema.Type.UNION && avro.isNullable()) {
            builder.optional();
        }
        return builder;
    }

    private SchemaBuilder required(Schema avro) {
        LogicalType logical = avro.getLogicalType();
        return switch (avro.getType()) {
            case INT -> int32(avro, logical);
            case LONG ->
                    logical instanceof LogicalTypes.TimestampMillis
                            ? Timestamp.builder()
                            : described(avro, SchemaBuilder.int64());
            case FLOAT -> described(avro, SchemaBuilder.float32());
            case DOUBLE -> described(avro, SchemaBuilder.float64());
            case BOOLEAN -> described(avro, SchemaBuilder.bool());
            case STRING -> described(avro, SchemaBuilder.string());
            case ENUM ->
                    SchemaBuilder.string()
                            .parameter(ConnectProperties.ENUM, avro.getFullName())
                            .parameter(
                                    ConnectProperties.ENUM_SYMBOLS,
                                    String.join(",", avro.getEnumSymbols()));
            case BYTES ->
                    logical instanceof LogicalTypes.Decimal decimal
                            ? decimal(decimal)
                            : described(avro, SchemaBuilder.bytes());
            case FIXED -> fixed(avro, logical);
            case ARRAY ->
                    described(avro, SchemaBuilder.array(builder(avro.getElementType()).build()));
            case MAP ->
                    described(
                            avro,
                            SchemaBuilder.map(
                                    org.apache.kafka.connect.data.Schema.STRING_SCHEMA,
                                    builder(avro.getValueType()).build()));
            case RECORD -> struct(avro);
            case NULL, UNION ->
                    throw new DataException("The schema " + avro + " has no form in Connect");
        };
    }

    private static SchemaBuilder int32(Schema avro, LogicalType logical) {
        if (logical instanceof LogicalTypes.Date) {
            return Date.builder();
        }
        if (logical instanceof LogicalTypes.TimeMillis) {
            return Time.builder();
        }
        String type = String.valueOf(avro.getProp(ConnectProperties.TYPE));
        return described(
                avro,
                switch (type) {
                    case "int8" -> SchemaBuilder.int8();
                    case "int16" -> SchemaBuilder.int16();
                    default -> SchemaBuilder.int32();
                });
    }

    private static SchemaBuilder decimal(LogicalTypes.Decimal decimal) {
        SchemaBuilder builder = Decimal.builder(decimal.getScale());
        return decimal.getPrecision() == ConnectProperties.DEFAULT_PRECISION
                ? builder
                : builder.parameter(
                        ConnectProperties.DECIMAL_PRECISION,
                        Integer.toString(decimal.getPrecision()));
    }

    private static SchemaBuilder fixed(Schema avro, LogicalType logical) {
        return logical instanceof LogicalTypes.Decimal decimal
                ? decimal(decimal)
                : SchemaBuilder.bytes()
                        .parameter(ConnectProperties.FIXED, avro.getFullName())
                        .parameter(
                                ConnectProperties.FIXED_SIZE,
                                Integer.toString(avro.getFixedSize()));
    }

    private SchemaBuilder struct(Schema avro) {
        if (!open.add(avro.getFullName())) {
            throw new DataException(
                    "The record '"
                            + avro.getFullName()
                            + "' holds itself; that has no form in Connect");
        }
        SchemaBuilder struct = described(avro, SchemaBuilder.struct()).name(avro.getFullName());
        if (avro.getDoc() != null) {
            struct.doc(avro.getDoc());
        }
        for (Schema.Field field : avro.getFields()) {
            struct.field(field.name(), field(field));
        }
        open.remove(avro.getFullName());
        return struct;
    }

    private org.apache.kafka.connect.data.Schema field(Schema.Field field) {
        SchemaBuilder builder = builder(field.schema());
        if (field.doc() != null && present(field.schema()).getType() != Schema.Type.RECORD) {
            builder.doc(field.doc());
        }
        if (field.hasDefaultValue() && !JsonProperties.NULL_VALUE.equals(field.defaultVal())) {
            Object value = GenericData.get().getDefaultValue(field);
            org.apache.kafka.connect.data.Schema type = builder.build();
            return builder(field.schema())
                    .doc(type.doc())
                    .defaultValue(AvroValueMapper.map(field.schema(), type, value))
                    .build();
        }
        return builder.build();
    }

    private static SchemaBuilder described(Schema avro, SchemaBuilder builder) {
        String name = avro.getProp(ConnectProperties.NAME);
        if (name != null) {
            builder.name(name);
        }
        if (avro.getObjectProp(ConnectProperties.VERSION) instanceof Number version) {
            builder.version(version.intValue());
        }
        if (avro.getObjectProp(ConnectProperties.PARAMETERS) instanceof Map<?, ?> parameters) {
            parameters.forEach(
                    (key, value) -> builder.parameter(String.valueOf(key), String.valueOf(value)));
        }
        return builder;
    }
}
