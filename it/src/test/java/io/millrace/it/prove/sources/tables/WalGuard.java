package io.millrace.it.prove.sources.tables;

import static org.awaitility.Awaitility.await;

import io.millrace.it.prove.Check;
import io.millrace.it.prove.sources.ConnectWorker;
import io.millrace.it.prove.sources.SourceBed;

import org.awaitility.core.ConditionTimeoutException;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

/**
 * A watched table that is idle while another one is written: what the slot keeps of the log must
 * not grow with that. The same without the heartbeat shows that the heartbeat is what does it.
 */
final class WalGuard {
    private static final String SLOT = "unguarded";
    private static final int ROUNDS = 100;
    private static final int ROWS = 2_000;
    private static final long KEPT_AT_MOST = 2_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SourceBed bed;
    private final PostgresServer server;
    private final ConnectWorker worker;

    WalGuard(SourceBed bed, PostgresServer server, ConnectWorker worker) {
        this.bed = bed;
        this.server = server;
        this.worker = worker;
    }

    void run() throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            long without = withoutHeartbeat(statement);
            worker.rest().resume("postgres");
            writeElsewhere(statement);
            boolean flat = true;
            try {
                await("the slot moves")
                        .atMost(PATIENCE)
                        .until(() -> kept(statement, "postgres") < KEPT_AT_MOST);
            } catch (ConditionTimeoutException e) {
                flat = false;
            }
            long kept = kept(statement, "postgres");
            bed.figure("log kept by the slot with heartbeat", kept / 1e6, "MB");
            bed.figure("log kept by the slot without heartbeat", without / 1e6, "MB");
            bed.check(
                    new Check(
                            "the heartbeat lets the log go while the watched tables are idle",
                            "less than " + KEPT_AT_MOST + " bytes kept",
                            kept + " bytes; without heartbeat " + without,
                            flat));
        }
    }

    /** The messages of a guarded connector would move every slot of the database: it is stopped. */
    private long withoutHeartbeat(Statement statement) throws SQLException {
        worker.rest().stop("postgres");
        Map<String, String> config = TablesScenario.config(bed, server, SLOT);
        config.put("snapshot.mode", "no_data");
        config.put("table.include.list", "public.stock");
        config.put("heartbeat.interval.ms", "0");
        config.remove("heartbeat.action.query");
        config.put("transforms.change.topic", "unguarded-rows");
        worker.rest().create(SLOT, config);
        worker.rest().awaitRunning(SLOT);
        await("the slot '" + SLOT + "' is used")
                .atMost(PATIENCE)
                .until(() -> kept(statement, SLOT) >= 0);
        writeElsewhere(statement);
        long kept = kept(statement, SLOT);
        worker.rest().delete(SLOT);
        await("the slot is free")
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> statement.execute("select pg_drop_replication_slot('" + SLOT + "')"));
        return kept;
    }

    private static void writeElsewhere(Statement statement) throws SQLException {
        for (int i = 0; i < ROUNDS; i++) {
            statement.execute(
                    "insert into unwatched select md5(random()::text) from generate_series(1, "
                            + ROWS
                            + ")");
        }
    }

    /** Bytes of the log behind what the slot has confirmed; -1 without such a slot. */
    private static long kept(Statement statement, String slot) throws SQLException {
        try (ResultSet found =
                statement.executeQuery(
                        "select pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::bigint"
                                + " from pg_replication_slots where confirmed_flush_lsn is not null"
                                + " and slot_name = '"
                                + slot
                                + "'")) {
            return found.next() ? found.getLong(1) : -1;
        }
    }
}
