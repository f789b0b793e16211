/**
 * Table changes: the change events of Debezium's connectors become {@code TableChange} events.
 *
 * <p>In: records of a Debezium connector, read by the names of their fields. Out: the same records
 * with the row's key as JSON, a {@code TableChange} as value and CloudEvents headers; what is no
 * change of a row goes on to where Debezium sends it, and what cannot be told goes to the dead
 * letters. It is a transform: Debezium reads the database, keeps the position and owns the
 * connection. Not here: classes of Debezium, connections, clocks, threads.
 */
@NullMarked
package io.millrace.connectors.table;

import org.jspecify.annotations.NullMarked;
