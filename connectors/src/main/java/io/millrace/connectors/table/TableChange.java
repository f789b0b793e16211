package io.millrace.connectors.table;

import io.millrace.connectors.cloudevents.CloudEventHeaders;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A change of a row.
 *
 * @param keys primary key columns and their values, a JSON object
 * @param position in the database's log
 */
record TableChange(
        RowOperation operation,
        ChangeSource source,
        String keys,
        Optional<RowJson> before,
        Optional<RowJson> after,
        String position) {

    /**
     * The same for the same change, however often it is read: made of the place in the log, the row
     * and the operation. A snapshot that is taken again stands elsewhere in the log; a row it reads
     * is told from its former state by what is in it.
     */
    String id() {
        String place = operation == RowOperation.READ ? "" : position;
        String state =
                operation == RowOperation.READ || keys.equals("{}")
                        ? before.map(RowJson::text).orElse("")
                                + "\n"
                                + after.map(RowJson::text).orElse("")
                        : "";
        return CloudEventHeaders.idOf(
                List.of(
                        source.connector(),
                        source.name(),
                        source.database(),
                        source.tableName(),
                        place,
                        keys,
                        operation.name(),
                        state));
    }

    /** Bytes of the key and the rows in UTF-8. */
    long bytes() {
        return utf8(keys)
                + before.map(row -> utf8(row.text())).orElse(0L)
                + after.map(row -> utf8(row.text())).orElse(0L);
    }

    private static long utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
