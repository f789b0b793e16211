package io.millrace.it.prove.sources.tables;

import static org.awaitility.Awaitility.await;

import io.millrace.engine.dev.Installation;
import io.millrace.it.prove.Check;
import io.millrace.it.prove.sources.Change;
import io.millrace.it.prove.sources.ConnectWorker;
import io.millrace.it.prove.sources.ExactlyOnceCheck;
import io.millrace.it.prove.sources.Kills;
import io.millrace.it.prove.sources.SourceBed;
import io.millrace.it.prove.sources.SourceScenario;
import io.millrace.it.prove.sources.TopicReader;
import io.millrace.it.prove.sources.TopicRecord;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;

/** Rows of a real database, written while the worker is killed and the database is restarted. */
public final class TablesScenario implements SourceScenario {
    static final String TOPIC = "rows";

    private static final Duration DRAIN = Duration.ofMinutes(5);
    private static final int SEED_ROWS = 50;

    private final String name;
    private final ServerArchive archive;
    private final Function<Path, DatabaseServer> start;

    private TablesScenario(
            String name, ServerArchive archive, Function<Path, DatabaseServer> start) {
        this.name = name;
        this.archive = archive;
        this.start = start;
    }

    /** PostgreSQL with logical decoding. */
    public static TablesScenario postgres() {
        return new TablesScenario(
                "postgres",
                PostgresServer.ARCHIVE,
                folder -> PostgresServer.start(folder, "logical"));
    }

    /** MariaDB with its binary log. */
    public static TablesScenario mariadb() {
        return new TablesScenario("mariadb", MariaDbServer.ARCHIVE, MariaDbServer::start);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<String> obstacle() {
        return archive.obstacle();
    }

    @Override
    public void run(SourceBed bed) throws IOException, InterruptedException, ExecutionException {
        DatabaseServer server = bed.closing(start.apply(bed.folder("database")));
        Path plugins = plugins(bed);
        ConnectWorker worker =
                bed.startWorker(
                        "worker",
                        plugins,
                        Map.of("value.converter.schema.registry.url", bed.registryUrl()));
        createTopic(bed, TOPIC, 4);
        // A task that cannot make a topic while the broker is busy fails for good.
        createTopic(bed, "__debezium-heartbeat." + name, 1);
        createTopic(bed, name + ".message", 1);
        bed.check(
                Check.equal(
                        "the worker finds the connector in its own archive",
                        true,
                        worker.rest().sourceConnectors().contains(server.connector())));
        try {
            exactlyOnce(bed, server, worker);
            new TableMeasurements(bed, server, worker).run();
            if (server instanceof PostgresServer postgres) {
                new WalGuard(bed, postgres, worker).run();
            }
            new TableRefusals(bed, server, worker).run();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A broker that has just started, or has much to do, refuses for a while. */
    private static void createTopic(SourceBed bed, String topic, int partitions) {
        await("topic " + topic)
                .atMost(Duration.ofMinutes(2))
                .ignoreExceptionsInstanceOf(ExecutionException.class)
                .until(() -> {
                    bed.createTopic(topic, partitions, Map.of());
                    return true;
                });
    }

    /** The configuration of a connector, with the transform in its line. */
    static Map<String, String> config(SourceBed bed, DatabaseServer server, String name) {
        Map<String, String> config = new TreeMap<>(server.connectorConfig(name));
        config.put("tasks.max", "1");
        config.put("exactly.once.support", "required");
        config.put("topic.prefix", name);
        config.put("tombstones.on.delete", "false");
        config.put("poll.interval.ms", "50");
        config.put("heartbeat.interval.ms", "1000");
        config.put("topic.creation.default.partitions", "1");
        config.put("topic.creation.default.replication.factor", "1");
        config.put("schema.history.internal.kafka.bootstrap.servers", bed.bootstrapServers());
        config.put("transforms", "change");
        config.put("transforms.change.type", "io.millrace.connectors.table.TableChangeTransform");
        config.put("transforms.change.topic", TOPIC);
        config.put("transforms.change.dead.letter.topic", "dead-rows");
        return config;
    }

    private void exactlyOnce(SourceBed bed, DatabaseServer server, ConnectWorker worker)
            throws SQLException, InterruptedException {
        AtomicLong seen = new AtomicLong();
        Healing healing = new Healing(worker, name);
        RowWorkload workload = new RowWorkload(server, bed.changes(), seen);
        List<Change> expected = new ArrayList<>(workload.seed(SEED_ROWS));
        Map<String, String> config = config(bed, server, name);
        config.put("snapshot.mode", "initial");
        config.put(
                "table.include.list",
                String.join(
                        ",",
                        Stream.of("orders", "items", "stock", "journal", "bulk")
                                .map(server::tableName)
                                .toList()));
        worker.rest().create(name, config);
        worker.rest().awaitRunning(name);
        TopicReader reader = bed.reader(TOPIC);
        awaitCount(reader, seen, SEED_ROWS);
        CompletableFuture<Void> writing = write(workload);
        bed.check(
                Kills.of(
                                worker,
                                () -> {
                                    healing.look();
                                    return count(reader, seen);
                                },
                                SEED_ROWS + bed.changes())
                        .andOnce(server::restart)
                        .run());
        await("all is written")
                .atMost(DRAIN)
                .until(() -> {
                    healing.look();
                    count(reader, seen);
                    return writing.isDone();
                });
        writing.join();
        expected.addAll(workload.committed());
        await(expected.size() + " events in the topic")
                .atMost(DRAIN)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    healing.look();
                    return count(reader, seen) >= expected.size();
                });
        judge(bed, server, workload, expected, reader);
        bed.note(
                workload.transactions()
                        + " transactions, "
                        + workload.lostConnections()
                        + " of the writer's connections lost, "
                        + healing.times()
                        + " restarts of a task that had failed");
    }

    private static void judge(
            SourceBed bed,
            DatabaseServer server,
            RowWorkload workload,
            List<Change> expected,
            TopicReader reader)
            throws SQLException {
        List<TopicRecord> found = reader.toEnd();
        IdentityHashMap<TopicRecord, RowEvent> events = new IdentityHashMap<>();
        found.forEach(record -> events.put(record, RowEvent.of(reader, record)));
        Function<TopicRecord, RowEvent> event =
                record -> Optional.ofNullable(events.get(record)).orElseThrow();
        bed.checkAll(ExactlyOnceCheck.judge(expected, found, r -> event.apply(r).change()));
        List<RowEvent> inOrder = found.stream().map(event).toList();
        bed.check(TableChecks.sameState(inOrder, TableRows.of(server)));
        bed.check(TableChecks.growingPositions(inOrder));
        bed.check(TableChecks.transactions(inOrder, workload.transactions()));
        bed.check(TableChecks.schemaChanges(inOrder));
        if (server instanceof PostgresServer) {
            bed.check(TableChecks.nothingMadeUp(inOrder));
        }
    }

    private static CompletableFuture<Void> write(RowWorkload workload) {
        return CompletableFuture.runAsync(() -> {
            try {
                workload.run();
            } catch (SQLException e) {
                throw new CompletionException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CompletionException(e);
            }
        });
    }

    static void awaitCount(TopicReader reader, AtomicLong seen, long wanted) {
        await(wanted + " events in the topic")
                .atMost(DRAIN)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> count(reader, seen) >= wanted);
    }

    private static long count(TopicReader reader, AtomicLong seen) {
        long count = reader.count();
        seen.set(Math.max(0, count - SEED_ROWS));
        synchronized (seen) {
            seen.notifyAll();
        }
        return count;
    }

    /** A plugin.path with the archive of Millrace and the one of the database, side by side. */
    private Path plugins(SourceBed bed) throws IOException {
        Path plugins = bed.folder("plugins");
        Path millrace =
                Installation.find().home().resolve("connectors/target/plugin/millrace-connectors");
        Files.createSymbolicLink(plugins.resolve("millrace-connectors"), millrace);
        Files.createSymbolicLink(plugins.resolve("millrace-" + name), Jdbc.pluginFolder(name));
        return plugins;
    }
}
