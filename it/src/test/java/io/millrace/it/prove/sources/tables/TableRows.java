package io.millrace.it.prove.sources.tables;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is in the tables, as {@code SELECT *} tells it. */
final class TableRows {
    private static final Map<String, List<String>> KEYS =
            Map.of(
                    "orders", List.of("id"),
                    "items", List.of("order_id", "line"),
                    "stock", List.of("sku"));

    private TableRows() {}

    /** Each table's rows by their keys in JSON, columns as texts. */
    static Map<String, Map<String, Map<String, String>>> of(DatabaseServer server)
            throws SQLException {
        Map<String, Map<String, Map<String, String>>> tables = new TreeMap<>();
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            for (Map.Entry<String, List<String>> table : KEYS.entrySet()) {
                tables.put(table.getKey(), rows(statement, table.getKey(), table.getValue()));
            }
        }
        return tables;
    }

    private static Map<String, Map<String, String>> rows(
            Statement statement, String table, List<String> keys) throws SQLException {
        Map<String, Map<String, String>> rows = new TreeMap<>();
        try (ResultSet found = statement.executeQuery("select * from " + table)) {
            ResultSetMetaData columns = found.getMetaData();
            while (found.next()) {
                Map<String, String> row = new TreeMap<>();
                StringBuilder key = new StringBuilder();
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    String name = columns.getColumnLabel(i);
                    String text = String.valueOf(found.getString(i));
                    boolean time = columns.getColumnType(i) == Types.TIMESTAMP;
                    row.put(name, time ? text.replace(' ', 'T').replaceAll("\\.0+$", "") : text);
                    if (keys.contains(name)) {
                        boolean quoted = columns.getColumnType(i) == Types.VARCHAR;
                        key.append(key.isEmpty() ? "{\"" : ",\"").append(name).append("\":");
                        key.append(quoted ? "\"" + text + "\"" : text);
                    }
                }
                rows.put(key + "}", row);
            }
        }
        return rows;
    }
}
