package io.millrace.it.prove.sources.tables;

import io.millrace.it.prove.Check;
import io.millrace.it.prove.sources.ConnectRest;
import io.millrace.it.prove.sources.ConnectWorker;
import io.millrace.it.prove.sources.SourceBed;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is wrong is told in words: when the configuration is checked, or in the task's status. */
final class TableRefusals {
    private final SourceBed bed;
    private final DatabaseServer server;
    private final ConnectWorker worker;
    private int cases;

    TableRefusals(SourceBed bed, DatabaseServer server, ConnectWorker worker) {
        this.bed = bed;
        this.server = server;
        this.worker = worker;
    }

    void run() {
        refused("a wrong password", Map.of("database.password", "wrong"), "password", "denied");
        refused(
                "a server that does not answer",
                Map.of("database.port", Integer.toString(PostgresServer.freePort())),
                "refused",
                "connect");
        refused(
                "a wrong key of the transform",
                Map.of("transforms.change.old.rows", "maybe"),
                "old.rows",
                "detect");
        if (server instanceof PostgresServer) {
            refused("a missing database", Map.of("database.dbname", "nowhere"), "nowhere");
            failedForLittleLog();
            failed("a slot that is in use", Map.of("slot.name", "postgres"), "active", "slot");
            failed(
                    "a missing publication",
                    Map.of("publication.autocreate.mode", "disabled", "publication.name", "none"),
                    "publication");
            failed(
                    "a missing table",
                    Map.of("table.include.list", "public.nothing"),
                    "no table filters");
        }
    }

    /** By the validation of the configuration, before anything runs. */
    private void refused(String what, Map<String, String> wrong, String... words) {
        tell(what, validate(wrong), words);
    }

    private List<String> validate(Map<String, String> wrong) {
        Map<String, String> config = TablesScenario.config(bed, server, "refused");
        config.putAll(wrong);
        return worker.rest().validate(server.connector(), config);
    }

    private void failedForLittleLog() {
        try (PostgresServer small = PostgresServer.start(bed.folder("small"), "replica");
                Connection connection = small.connect();
                Statement statement = connection.createStatement()) {
            for (String each : small.schema()) {
                statement.execute(each);
            }
            failed(
                    "wal_level that is not logical",
                    Map.of("database.port", Integer.toString(small.port())),
                    "wal_level");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** By the status of the task. */
    private void failed(String what, Map<String, String> wrong, String... words) {
        Map<String, String> config = TablesScenario.config(bed, server, "failing");
        // Names of its own: with a publication that is there already, a missing table is a warning.
        String own = "failing_" + ++cases;
        config.put("slot.name", own);
        config.put("publication.name", own);
        config.put("snapshot.mode", "no_data");
        config.put("slot.max.retries", "1");
        config.put("slot.retry.delay.ms", "500");
        config.put("errors.max.retries", "0");
        config.putAll(wrong);
        worker.rest().create("failing", config);
        ConnectRest.Status status = worker.rest().awaitFailed("failing");
        worker.rest().delete("failing");
        tell(what, status.traces(), words);
    }

    private void tell(String what, List<String> said, String... words) {
        String all = String.join(" | ", said).toLowerCase(Locale.ROOT);
        boolean passed = List.of(words).stream().anyMatch(all::contains);
        String first =
                said.isEmpty()
                        ? "nothing"
                        : said.getFirst().lines().limit(1).findFirst().orElse("");
        bed.check(new Check(what + " is told", String.join(" or ", words), first, passed));
    }
}
