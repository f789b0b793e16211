package io.millrace.it.prove.sources.tables;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** A database server as a child process, with a database {@code shop} in it. Threading: any. */
interface DatabaseServer extends AutoCloseable {
    /** A new connection to the database. */
    Connection connect() throws SQLException;

    /** As {@code kill -9} does, with everything it started; then it is started again. */
    void restart();

    /** Class of Debezium's connector. */
    String connector();

    /** What a connector needs to read it, without transform and topics. */
    Map<String, String> connectorConfig(String name);

    /** How a table is called in the connector's configuration. */
    String tableName(String table);

    /** What makes the tables of the proof. */
    List<String> schema();

    /** One statement that inserts rows into {@code items}; in the log they are one entry. */
    void insertTogether(Connection connection, List<RowWorkload.Item> rows) throws SQLException;

    /** One statement that inserts so many rows into {@code bulk}, beginning with this id. */
    String insertBulk(long firstId, int rows);

    @Override
    void close();
}
