package io.millrace.engine.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Rows of texts, printed in aligned columns or as JSON lines. One thread. */
final class Listing {
    private final List<String> columns;
    private final List<Map<String, String>> rows = new ArrayList<>();

    Listing(List<String> columns) {
        this.columns = List.copyOf(columns);
    }

    void add(Map<String, String> row) {
        rows.add(Map.copyOf(row));
    }

    void print(PrintWriter out, boolean isJson) {
        if (isJson) {
            rows.forEach(row -> out.println(json(row)));
            return;
        }
        out.println(line(columns.stream().map(column -> pad(column, column)).toList()));
        for (Map<String, String> row : rows) {
            out.println(line(columns.stream().map(c -> pad(c, cell(row, c))).toList()));
        }
    }

    private String json(Map<String, String> row) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        columns.forEach(column -> node.put(column, row.getOrDefault(column, "")));
        return node.toString();
    }

    private String pad(String column, String text) {
        int width = column.length();
        for (Map<String, String> row : rows) {
            width = Math.max(width, cell(row, column).length());
        }
        return text + " ".repeat(width - text.length());
    }

    private static String line(List<String> cells) {
        return String.join("  ", cells).stripTrailing();
    }

    private static String cell(Map<String, String> row, String column) {
        String text = row.getOrDefault(column, "");
        return text.isEmpty() ? "-" : text;
    }
}
