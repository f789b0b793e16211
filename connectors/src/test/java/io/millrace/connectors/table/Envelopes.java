package io.millrace.connectors.table;

import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/** Records as Debezium's connectors make them, field for field. */
final class Envelopes {
    static final long COMMITTED_AT = 1_795_296_106_561L;

    private static final Schema POSTGRES_SOURCE =
            SchemaBuilder.struct()
                    .name("io.debezium.connector.postgresql.Source")
                    .field("version", Schema.STRING_SCHEMA)
                    .field("connector", Schema.STRING_SCHEMA)
                    .field("name", Schema.STRING_SCHEMA)
                    .field("ts_ms", Schema.INT64_SCHEMA)
                    .field("snapshot", Schema.OPTIONAL_STRING_SCHEMA)
                    .field("db", Schema.STRING_SCHEMA)
                    .field("sequence", Schema.OPTIONAL_STRING_SCHEMA)
                    .field("schema", Schema.STRING_SCHEMA)
                    .field("table", Schema.STRING_SCHEMA)
                    .field("txId", Schema.OPTIONAL_INT64_SCHEMA)
                    .field("lsn", Schema.OPTIONAL_INT64_SCHEMA)
                    .field("xmin", Schema.OPTIONAL_INT64_SCHEMA)
                    .build();
    private static final Schema MARIADB_SOURCE =
            SchemaBuilder.struct()
                    .name("io.debezium.connector.mariadb.Source")
                    .field("version", Schema.STRING_SCHEMA)
                    .field("connector", Schema.STRING_SCHEMA)
                    .field("name", Schema.STRING_SCHEMA)
                    .field("ts_ms", Schema.INT64_SCHEMA)
                    .field("snapshot", Schema.OPTIONAL_STRING_SCHEMA)
                    .field("db", Schema.STRING_SCHEMA)
                    .field("sequence", Schema.OPTIONAL_STRING_SCHEMA)
                    .field("table", Schema.OPTIONAL_STRING_SCHEMA)
                    .field("gtid", Schema.OPTIONAL_STRING_SCHEMA)
                    .field("file", Schema.STRING_SCHEMA)
                    .field("pos", Schema.INT64_SCHEMA)
                    .field("row", Schema.INT32_SCHEMA)
                    .build();
    private static final Schema TRANSACTION =
            SchemaBuilder.struct()
                    .name("event.block")
                    .optional()
                    .field("id", Schema.STRING_SCHEMA)
                    .field("total_order", Schema.INT64_SCHEMA)
                    .field("data_collection_order", Schema.INT64_SCHEMA)
                    .build();

    private Envelopes() {}

    static Struct postgres(String snapshot, String sequence, long lsn) {
        return new Struct(POSTGRES_SOURCE)
                .put("version", "3.7.0.Final")
                .put("connector", "postgresql")
                .put("name", "shop")
                .put("ts_ms", COMMITTED_AT)
                .put("snapshot", snapshot)
                .put("db", "inventory")
                .put("sequence", sequence)
                .put("schema", "public")
                .put("table", "orders")
                .put("txId", 793L)
                .put("lsn", lsn);
    }

    static Struct postgres() {
        return postgres("false", "[\"29665984\",\"29884992\"]", 29_884_992L);
    }

    static Struct mariadb(String file, long pos, int row) {
        return new Struct(MARIADB_SOURCE)
                .put("version", "3.5.0.Final")
                .put("connector", "mariadb")
                .put("name", "shop")
                .put("ts_ms", COMMITTED_AT)
                .put("snapshot", "false")
                .put("db", "inventory")
                .put("table", "orders")
                .put("gtid", "0-7-10")
                .put("file", file)
                .put("pos", pos)
                .put("row", row);
    }

    /** The envelope of a change; rows of one schema, null where there is none. */
    static Struct change(
            String operation, Struct source, @Nullable Struct before, @Nullable Struct after) {
        Schema row = optional(before == null ? after : before);
        Schema schema =
                SchemaBuilder.struct()
                        .name("shop.public.orders.Envelope")
                        .field("before", row)
                        .field("after", row)
                        .field("source", source.schema())
                        .field("transaction", TRANSACTION)
                        .field("op", Schema.STRING_SCHEMA)
                        .field("ts_ms", Schema.OPTIONAL_INT64_SCHEMA)
                        .build();
        return new Struct(schema)
                .put("before", before == null ? null : copy(before, row))
                .put("after", after == null ? null : copy(after, row))
                .put("source", source)
                .put("op", operation)
                .put("ts_ms", COMMITTED_AT + 30);
    }

    static Struct inTransaction(Struct change, long order) {
        return change.put(
                "transaction",
                new Struct(TRANSACTION)
                        .put("id", "793:29884992")
                        .put("total_order", order)
                        .put("data_collection_order", order));
    }

    static SourceRecord record(@Nullable Struct key, @Nullable Struct value) {
        return record(key, value, Map.of("lsn", 29_884_992L));
    }

    static SourceRecord record(
            @Nullable Struct key, @Nullable Struct value, Map<String, ?> sourceOffset) {
        SourceRecord record =
                new SourceRecord(
                        Map.of("server", "shop"),
                        sourceOffset,
                        "shop.public.orders",
                        null,
                        key == null ? null : key.schema(),
                        key,
                        value == null ? null : value.schema(),
                        value);
        record.headers().addString("__debezium.context.taskId", "0");
        record.headers().addString("mine", "kept");
        return record;
    }

    /** A row with one column. */
    static Struct row(String name, Schema schema, @Nullable Object value) {
        return row(new LinkedHashMap<>(Map.of(name, schema)), name, value);
    }

    static Struct row(Map<String, Schema> columns, String name, @Nullable Object value) {
        SchemaBuilder builder = SchemaBuilder.struct().name("shop.public.orders.Value");
        columns.forEach(builder::field);
        return new Struct(builder.build()).put(name, value);
    }

    static Struct key(long id) {
        return new Struct(
                        SchemaBuilder.struct()
                                .name("shop.public.orders.Key")
                                .field("id", Schema.INT64_SCHEMA)
                                .build())
                .put("id", id);
    }

    private static Schema optional(@Nullable Struct row) {
        SchemaBuilder builder = SchemaBuilder.struct().name("shop.public.orders.Value").optional();
        if (row != null) {
            row.schema().fields().forEach(field -> builder.field(field.name(), field.schema()));
        }
        return builder.build();
    }

    private static Struct copy(Struct row, Schema schema) {
        Struct copy = new Struct(schema);
        for (Field field : schema.fields()) {
            copy.put(field.name(), row.getWithoutDefault(field.name()));
        }
        return copy;
    }
}
