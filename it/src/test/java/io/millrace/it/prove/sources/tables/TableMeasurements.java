package io.millrace.it.prove.sources.tables;

import io.millrace.it.prove.Check;
import io.millrace.it.prove.sources.ConnectWorker;
import io.millrace.it.prove.sources.SourceBed;
import io.millrace.it.prove.sources.TopicReader;
import io.millrace.it.prove.sources.TopicRecord;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** How fast changes come through, and how late. */
final class TableMeasurements {
    private static final int PER_TRANSACTION = 500;
    private static final int CHANGES_PER_SECOND = 100;
    private static final double WANTED_RATE = 5_000;
    private static final double WANTED_LAG_MS = 500;

    private final SourceBed bed;
    private final DatabaseServer server;
    private final ConnectWorker worker;
    private final String connector;

    TableMeasurements(SourceBed bed, DatabaseServer server, ConnectWorker worker) {
        this.bed = bed;
        this.server = server;
        this.worker = worker;
        this.connector = server instanceof PostgresServer ? "postgres" : "mariadb";
    }

    void run() throws SQLException {
        TopicReader reader = bed.reader(TablesScenario.TOPIC);
        throughput(reader);
        lag(reader);
    }

    /** A backlog, written while the connector was stopped. */
    private void throughput(TopicReader reader) throws SQLException {
        int rows = bed.isQuick() ? 5_000 : 50_000;
        AtomicLong seen = new AtomicLong();
        long before = reader.count();
        worker.rest().stop(connector);
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int id = 1; id <= rows; id += PER_TRANSACTION) {
                statement.execute(server.insertBulk(id, PER_TRANSACTION));
                connection.commit();
            }
            for (int id = 1; id <= rows; id += PER_TRANSACTION) {
                statement.execute(
                        "update bulk set n = n + 1 where id between "
                                + id
                                + " and "
                                + (id + PER_TRANSACTION - 1));
                connection.commit();
            }
        }
        Duration cpu = childJvms();
        worker.rest().resume(connector);
        TablesScenario.awaitCount(reader, seen, before + 2L * rows);
        cpu = childJvms().minus(cpu);
        List<Long> times =
                bulk(reader.toEnd()).stream().map(TopicRecord::timestamp).sorted().toList();
        double seconds = (times.getLast() - times.getFirst()) / 1000.0;
        double rate = times.size() / Math.max(seconds, 0.001);
        bed.figure("row changes through", rate, "1/s");
        bed.figure(
                "processor time of worker and broker for 1,000 row changes",
                cpu.toMillis() * 1000.0 / (2L * rows),
                "ms");
        judge(
                new Check(
                        "row changes a second",
                        "at least " + WANTED_RATE,
                        String.valueOf(Math.round(rate)),
                        rate >= WANTED_RATE));
    }

    /** Processor time of the broker and the worker; it does not depend on what else runs. */
    private static Duration childJvms() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("/java"))
                .map(child -> child.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Single rows at a steady pace: from just before the commit to the committed record. */
    private void lag(TopicReader reader) {
        int rows = CHANGES_PER_SECOND * (bed.isQuick() ? 5 : 30);
        long firstId = 1_000_000;
        ConcurrentHashMap<String, Long> commits = new ConcurrentHashMap<>();
        CompletableFuture<Void> writing =
                CompletableFuture.runAsync(() -> writeSteadily(rows, firstId, commits));
        List<Long> lags = new ArrayList<>();
        int looked = reader.toEnd().size();
        while (lags.size() < rows && !writing.isCompletedExceptionally()) {
            List<TopicRecord> records = reader.toEnd();
            long now = System.nanoTime();
            for (TopicRecord record : records.subList(looked, records.size())) {
                Long committed = commits.remove(record.key());
                if (committed != null) {
                    lags.add(now - committed);
                }
            }
            looked = records.size();
        }
        writing.join();
        lags.sort(Long::compare);
        double p50 = lags.get(lags.size() / 2) / 1e6;
        double p99 = lags.get(lags.size() * 99 / 100) / 1e6;
        bed.figure("lag from commit to topic at 100 changes/s, p50", p50, "ms");
        bed.figure("lag from commit to topic at 100 changes/s, p99", p99, "ms");
        judge(
                new Check(
                        "lag from commit to topic at 100 changes/s, p99",
                        "at most " + WANTED_LAG_MS + " ms",
                        p99 + " ms",
                        p99 <= WANTED_LAG_MS));
    }

    /** In the short form the figures are told and not judged: most of it is start. */
    private void judge(Check check) {
        if (!bed.isQuick()) {
            bed.check(check);
        }
    }

    private void writeSteadily(int rows, long firstId, ConcurrentHashMap<String, Long> commits) {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            long began = System.nanoTime();
            for (int i = 0; i < rows; i++) {
                LockSupport.parkNanos(
                        began + i * (1_000_000_000L / CHANGES_PER_SECOND) - System.nanoTime());
                long id = firstId + i;
                // Before the commit, and so a little too early: after it the event may be there.
                commits.put("{\"id\":" + id + "}", System.nanoTime());
                statement.execute("insert into bulk values (" + id + ", 'one', 1)");
            }
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }

    private static List<TopicRecord> bulk(List<TopicRecord> records) {
        return records.stream()
                .filter(record -> record.header("ce_subject").endsWith("bulk"))
                .toList();
    }
}
