package io.millrace.connectors.table;

import io.millrace.connectors.cloudevents.CloudEventHeaders;
import io.millrace.connectors.cloudevents.EventSchemas;

import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.source.SourceRecord;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A change event of Debezium -> a {@code TableChange}. Pure. Threading: any thread. */
final class TableChangeMapper {
    /** Key of the rows of a table that has none: they are one lane. */
    private static final String NO_KEY = "{}";

    private static final String DEBEZIUM_HEADER = "__debezium.";

    private final TableChangeConfig config;
    private final UnavailableValues unavailable;
    private final ColumnText columns;

    TableChangeMapper(TableChangeConfig config) {
        this.config = config;
        this.unavailable = new UnavailableValues(config.unavailable());
        this.columns = new ColumnText(config.decimalsAsText());
    }

    /** The record with the change instead of Debezium's envelope. */
    SourceRecord record(SourceRecord record, TableChange change) {
        Struct value = value(change);
        return record.newRecord(
                config.topic().orElse(record.topic()),
                record.kafkaPartition(),
                Schema.STRING_SCHEMA,
                change.keys(),
                value.schema(),
                value,
                record.timestamp(),
                headers(record.headers(), change));
    }

    /** The facts of a change; UnmappableChangeException or DataException if it has no such form. */
    TableChange change(SourceRecord record, Struct envelope) {
        Struct block =
                Fields.struct(envelope, "source")
                        .orElseThrow(() ->
                                new UnmappableChangeException("The change event has no source"));
        ChangeSource source = ChangeSource.of(block);
        RowOperation operation = RowOperation.of(Fields.text(envelope, "op").orElse(""));
        Set<String> keyColumns = Set.of();
        String keys = NO_KEY;
        if (record.key() instanceof Struct struct) {
            keyColumns =
                    struct.schema().fields().stream()
                            .map(Field::name)
                            .collect(Collectors.toUnmodifiableSet());
            keys = RowJson.of(struct, Set.of(), unavailable, columns).text();
        }
        boolean inDoubt = source.mayLeaveOutOldColumns() && !config.oldRowsComplete();
        Set<String> known = keyColumns;
        Set<String> leftOut =
                Fields.struct(envelope, "before")
                        .filter(row -> inDoubt)
                        .map(row -> OldRow.unknown(row, known))
                        .orElse(Set.of());
        return new TableChange(
                operation,
                source,
                keys,
                row(envelope, "before", leftOut),
                row(envelope, "after", Set.of()),
                LogPosition.of(
                        block,
                        Fields.struct(envelope, "transaction"),
                        record.sourceOffset() == null ? Map.of() : record.sourceOffset()));
    }

    private Optional<RowJson> row(Struct envelope, String name, Set<String> leftOut) {
        return Fields.struct(envelope, name)
                .map(row -> RowJson.of(row, leftOut, unavailable, columns));
    }

    private static Struct value(TableChange change) {
        ChangeSource source = change.source();
        Struct value =
                new Struct(EventSchemas.TABLE_CHANGE)
                        .put("operation", change.operation().name())
                        .put("database", source.database())
                        .put("table", source.table())
                        .put("keys", change.keys())
                        .put("position", change.position())
                        .put("unknown", unknown(change));
        source.schema().ifPresent(schema -> value.put("schema", schema));
        change.before().ifPresent(row -> value.put("before", row.text()));
        change.after().ifPresent(row -> value.put("after", row.text()));
        source.transactionId().ifPresent(id -> value.put("transactionId", id));
        // A snapshot knows when it read the row, not when the row was last changed.
        source.at()
                .filter(at -> !source.snapshot())
                .ifPresent(at -> value.put("changedAt", Date.from(at)));
        return value;
    }

    private static List<String> unknown(TableChange change) {
        List<String> unknown = new ArrayList<>();
        change.before().ifPresent(row -> row.unknown().forEach(it -> unknown.add("before." + it)));
        change.after().ifPresent(row -> row.unknown().forEach(it -> unknown.add("after." + it)));
        return unknown;
    }

    private static Headers headers(Headers former, TableChange change) {
        ChangeSource source = change.source();
        Headers headers =
                new CloudEventHeaders(
                                change.id(),
                                source.connector()
                                        + ":"
                                        + encoded(source.name())
                                        + "/"
                                        + encoded(source.database()),
                                change.operation().eventType(),
                                source.tableName(),
                                source.at(),
                                Optional.empty())
                        .toHeaders();
        for (Header header : former) {
            if (!header.key().startsWith(DEBEZIUM_HEADER)) {
                headers.add(header);
            }
        }
        return headers;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
