package io.millrace.connectors.table;

import org.apache.kafka.connect.data.Struct;

import java.time.Instant;
import java.util.Optional;

/**
 * Where a change comes from, as Debezium's source block tells it.
 *
 * @param connector kind of database, for example postgresql
 * @param name what the connector's configuration calls the server ({@code topic.prefix})
 * @param schema of the table, where the database has schemas
 * @param snapshot whether the row was read by a snapshot
 * @param at when the change was committed; for a snapshot, when the row was read
 */
record ChangeSource(
        String connector,
        String name,
        String database,
        Optional<String> schema,
        String table,
        boolean snapshot,
        Optional<Instant> at,
        Struct block) {
    private static final String POSTGRES = "postgresql";

    static ChangeSource of(Struct block) {
        return new ChangeSource(
                Fields.text(block, "connector").orElse("database"),
                Fields.text(block, "name").orElse(""),
                Fields.text(block, "db").orElse(""),
                Fields.text(block, "schema"),
                Fields.text(block, "table")
                        .orElseThrow(() ->
                                new UnmappableChangeException("The change event names no table")),
                Fields.text(block, "snapshot").filter(text -> !text.equals("false")).isPresent(),
                Fields.number(block, "ts_ms").map(Instant::ofEpochMilli),
                block);
    }

    /** Whether its log leaves columns of the old row out unless the table is told otherwise. */
    boolean mayLeaveOutOldColumns() {
        return connector.equals(POSTGRES);
    }

    /** Schema and table, or the table alone. */
    String tableName() {
        return schema.map(name -> name + "." + table).orElse(table);
    }

    /** Transaction that made the change; a snapshot does not know it. */
    Optional<String> transactionId() {
        if (snapshot) {
            return Optional.empty();
        }
        return Fields.value(block, "txId")
                .or(() -> Fields.value(block, "gtid"))
                .map(String::valueOf);
    }
}
