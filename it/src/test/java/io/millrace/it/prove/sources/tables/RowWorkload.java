package io.millrace.it.prove.sources.tables;

import io.millrace.it.prove.sources.Change;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes rows in transactions of several, and keeps what was committed. Every change has a version
 * of its own, which is a column of the row; a transaction that was under way when the database died
 * is looked up in the table {@code journal}.
 *
 * <p>Threading: {@link #run} on one thread; what it kept may be read when that is done.
 */
final class RowWorkload {
    private static final int SKUS = 50;
    private static final int PHOTO = 3_000;

    private final DatabaseServer server;
    private final int total;
    private final AtomicLong seen;
    private final SplittableRandom random = new SplittableRandom(7);
    private final List<Change> committed = new ArrayList<>();
    private final AtomicLong done = new AtomicLong();
    private final Rows rows = new Rows();
    private List<Change> pending = new ArrayList<>();
    private long version;
    private long transactions;
    private long lost;
    private String note = "note";
    private boolean hasTime = true;

    /** A row of {@code items}. */
    record Item(long orderId, int line, String photo, long version) {}

    /**
     * Made for one run.
     *
     * @param total changes to make, a few more or less
     * @param seen how many of them are in the topic: it waits when it is too far ahead
     */
    RowWorkload(DatabaseServer server, int total, AtomicLong seen) {
        this.server = server;
        this.total = total;
        this.seen = seen;
    }

    /** Rows that are there before the connector is: a snapshot reads them. */
    List<Change> seed(int orders) throws SQLException {
        List<Change> read = new ArrayList<>();
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            for (String each : server.schema()) {
                statement.execute(each);
            }
            for (int i = 0; i < orders; i++) {
                long id = rows.newOrder();
                insertOrder(statement, id);
                read.add(new Change("orders{\"id\":" + id + "}", "READ v" + version));
            }
        }
        pending.clear();
        rows.commit();
        return read;
    }

    /** Writes until all changes are committed. */
    void run() throws SQLException, InterruptedException {
        while (committed.size() < total) {
            awaitReaders();
            // A connection that broke is replaced; the database comes back, or this fails.
            try (Connection connection = reconnect()) {
                settle(connection);
                while (committed.size() < total) {
                    awaitReaders();
                    transaction(connection);
                }
            } catch (SQLException e) {
                if (!isConnectionLoss(e)) {
                    throw e;
                }
                lost++;
            }
        }
    }

    /** What was committed, in its order. */
    List<Change> committed() {
        return List.copyOf(committed);
    }

    /** How much of it there is by now; from any thread. */
    long done() {
        return done.get();
    }

    long transactions() {
        return transactions;
    }

    /** How often a connection broke. */
    long lostConnections() {
        return lost;
    }

    private void transaction(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        changeSchema(connection);
        int changes = 1 + random.nextInt(12);
        try (Statement statement = connection.createStatement()) {
            for (int i = 0; i < changes; i++) {
                change(statement);
            }
            if (transactions % 20 == 10) {
                insertTogether(connection);
            }
            long n = transactions + 1;
            statement.execute(
                    "insert into journal (n, version) values (" + n + "," + ++version + ")");
            tell("journal{}", "INSERT v" + version);
        }
        connection.commit();
        keep();
    }

    private void keep() {
        transactions++;
        committed.addAll(pending);
        pending = new ArrayList<>();
        rows.commit();
        done.set(committed.size());
    }

    /** After a connection was lost: was the transaction under way committed? */
    private void settle(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery("select coalesce(max(n), 0) from journal")) {
            found.next();
            if (found.getLong(1) > transactions) {
                keep();
            } else {
                pending = new ArrayList<>();
                rows.rollBack();
            }
        }
    }

    /** A column is added and one renamed after the first half, one dropped later. */
    private void changeSchema(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (note.equals("note") && committed.size() >= total / 2) {
                statement.execute("alter table orders add column colour varchar(10) default 'red'");
                statement.execute("alter table orders rename column note to remark");
                connection.commit();
                note = "remark";
            }
            if (hasTime && committed.size() >= total * 3 / 4) {
                statement.execute("alter table orders drop column at");
                connection.commit();
                hasTime = false;
            }
        }
    }

    private void change(Statement statement) throws SQLException {
        switch (random.nextInt(10)) {
            case 0, 1 -> {
                long id = rows.newOrder();
                insertOrder(statement, id);
            }
            case 2, 3 -> updateOrder(statement);
            case 4 -> removeOrder(statement);
            case 5 -> renumberOrder(statement);
            case 6 -> changeItem(statement);
            default -> changeStock(statement);
        }
    }

    private void insertOrder(Statement statement, long id) throws SQLException {
        long now = ++version;
        statement.execute(
                "insert into orders (id, customer, amount, "
                        + note
                        + (hasTime ? ", at" : "")
                        + ", version) values ("
                        + id
                        + ", 'customer "
                        + id % 97
                        + "', "
                        + String.format(Locale.ROOT, "%d.%02d", now % 1000, now % 100)
                        + (now % 3 == 0 ? ", null" : ", 'n " + now + "'")
                        + (hasTime ? ", '2026-01-31 10:15:30'" : "")
                        + ", "
                        + now
                        + ")");
        tell(order(id), "INSERT v" + now);
    }

    private void updateOrder(Statement statement) throws SQLException {
        Long id = rows.anyOrder(random);
        if (id != null) {
            long now = ++version;
            statement.execute(
                    "update orders set amount = amount + 0.01, version = "
                            + now
                            + " where id = "
                            + id);
            tell(order(id), "MODIFY v" + now);
            rows.setVersion(order(id), now);
        }
    }

    private void removeOrder(Statement statement) throws SQLException {
        Long id = rows.anyOrder(random);
        if (id != null) {
            statement.execute("delete from orders where id = " + id);
            tell(order(id), "REMOVE v" + rows.versionOf(order(id)));
            rows.removeOrder(id);
        }
    }

    /** A changed key: the row is removed under the old one and inserted under the new one. */
    private void renumberOrder(Statement statement) throws SQLException {
        Long id = rows.anyOrder(random);
        if (id != null) {
            long now = ++version;
            long next = rows.newOrder();
            statement.execute(
                    "update orders set id = " + next + ", version = " + now + " where id = " + id);
            tell(order(id), "REMOVE v" + rows.versionOf(order(id)));
            rows.removeOrder(id);
            tell(order(next), "INSERT v" + now);
        }
    }

    /** Its old row is told by its key alone where the table says so: a removal has no version. */
    private void changeItem(Statement statement) throws SQLException {
        Item item = rows.anyItem(random);
        long now = ++version;
        if (item == null || random.nextInt(3) == 0) {
            Item added = rows.newItem(photo(), now);
            statement.execute(
                    "insert into items (order_id, line, photo, version) values ("
                            + added.orderId()
                            + ", "
                            + added.line()
                            + ", '"
                            + added.photo()
                            + "', "
                            + now
                            + ")");
            tell(item(added), "INSERT v" + now);
        } else if (random.nextInt(4) == 0) {
            statement.execute(
                    "delete from items where order_id = "
                            + item.orderId()
                            + " and line = "
                            + item.line());
            tell(item(item), "REMOVE");
            rows.removeItem(item);
        } else {
            statement.execute(
                    "update items set version = "
                            + now
                            + " where order_id = "
                            + item.orderId()
                            + " and line = "
                            + item.line());
            tell(item(item), "MODIFY v" + now);
        }
    }

    private void insertTogether(Connection connection) throws SQLException {
        List<Item> together = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Item added = rows.newItem("p", ++version);
            together.add(added);
            tell(item(added), "INSERT v" + version);
        }
        server.insertTogether(connection, together);
    }

    /** Few rows that change often, also twice in one transaction; one that is gone comes back. */
    private void changeStock(Statement statement) throws SQLException {
        String sku = "s" + random.nextInt(SKUS);
        String key = "stock{\"sku\":\"" + sku + "\"}";
        long now = ++version;
        if (!rows.has(key)) {
            statement.execute("insert into stock values ('" + sku + "', 1, " + now + ")");
            tell(key, "INSERT v" + now);
        } else if (random.nextInt(8) == 0) {
            statement.execute("delete from stock where sku = '" + sku + "'");
            tell(key, "REMOVE v" + rows.versionOf(key));
            rows.forget(key);
            return;
        } else {
            statement.execute(
                    "update stock set level = level + 1, version = "
                            + now
                            + " where sku = '"
                            + sku
                            + "'");
            tell(key, "MODIFY v" + now);
        }
        rows.setVersion(key, now);
    }

    private void tell(String key, String id) {
        pending.add(new Change(key, id));
        if (id.startsWith("INSERT") && key.startsWith("orders")) {
            rows.setVersion(key, version);
        }
    }

    private String photo() {
        StringBuilder photo = new StringBuilder();
        new Random(version).ints(PHOTO, 'a', 'z').forEach(c -> photo.append((char) c));
        return photo.toString();
    }

    private static String order(long id) {
        return "orders{\"id\":" + id + "}";
    }

    private static String item(Item item) {
        return "items{\"order_id\":" + item.orderId() + ",\"line\":" + item.line() + "}";
    }

    /** So far ahead that the work is in flight when something is killed, and no farther. */
    private void awaitReaders() throws InterruptedException {
        synchronized (seen) {
            while (committed.size() > seen.get() + total / 10) {
                seen.wait(100);
            }
        }
    }

    private Connection reconnect() throws SQLException, InterruptedException {
        SQLException last = new SQLException("never tried");
        for (int i = 0; i < 600; i++) {
            try {
                return server.connect();
            } catch (SQLException e) {
                last = e;
                synchronized (seen) {
                    seen.wait(100);
                }
            }
        }
        throw last;
    }

    private static boolean isConnectionLoss(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        // Class 08: connection; 57: the server ends; the driver has no state for a broken socket.
        return state.startsWith("08") || state.startsWith("57") || state.equals("null");
    }
}
