package io.millrace.functions.events;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * A row of a database table was inserted, changed or removed.
 *
 * @param operation what happened to the row
 * @param database name of the database
 * @param schema schema of the table; null where the database has no schemas
 * @param table name of the table
 * @param keys primary key columns and their values, a JSON object
 * @param before the row before the change, a JSON object; null where there was none or the database
 *     does not tell
 * @param after the row after the change, a JSON object; null if it was removed
 * @param position position in the database's log; grows with every change of the table
 * @param transactionId transaction that made the change; null if the database does not tell
 * @param changedAt when the change was committed; null if the database does not tell
 * @param unknown columns that the table has and whose values the database did not tell, as {@code
 *     before.NAME} and {@code after.NAME}; before and after leave them out
 */
public record TableChange(
        Operation operation,
        String database,
        @Nullable String schema,
        String table,
        String keys,
        @Nullable String before,
        @Nullable String after,
        String position,
        @Nullable String transactionId,
        @Nullable Instant changedAt,
        List<String> unknown) {
    /** An event that was written before there was such a list has an empty one. */
    public TableChange {
        unknown = unknown == null ? List.of() : List.copyOf(unknown);
    }

    /** What happened to a row. */
    public enum Operation {
        INSERT,
        MODIFY,
        REMOVE,
        /** The row was there already when the table was first read. */
        READ,
        /** Something this version of the SDK has no name for. */
        UNKNOWN;

        /** The operation of this name, {@link #UNKNOWN} for a name that was added later. */
        public static Operation of(String name) {
            for (Operation operation : values()) {
                if (operation.name().equals(name)) {
                    return operation;
                }
            }
            return UNKNOWN;
        }
    }
}
