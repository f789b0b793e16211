/**
 * The proof of the table changes: PostgreSQL and MariaDB as child processes, rows that are written
 * while workers and the database are killed, and judges that compare the topic with what was
 * committed and with the tables themselves.
 *
 * <p>In: the servers' archives from Maven Central, the plugin folders as the build made them. Out:
 * checks and figures for a {@link io.millrace.it.prove.sources.SourceBed}.
 */
@NullMarked
package io.millrace.it.prove.sources.tables;

import org.jspecify.annotations.NullMarked;
