package io.millrace.it.prove.sources.tables;

import com.fasterxml.jackson.databind.JsonNode;

import io.millrace.it.prove.Check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Judges the events of a topic by the tables they tell of. Pure. */
final class TableChecks {
    private TableChecks() {}

    /**
     * What someone who only reads the topic has in the end, compared with the tables.
     *
     * @param events by partition in order
     * @param tables each table's rows by their keys, columns as texts, null as "null"
     */
    static Check sameState(
            List<RowEvent> events, Map<String, Map<String, Map<String, String>>> tables) {
        Map<String, Map<String, Map<String, String>>> built = replay(events);
        List<String> wrong = new ArrayList<>();
        tables.forEach((table, rows) -> {
            Map<String, Map<String, String>> mine = built.getOrDefault(table, Map.of());
            rows.forEach((keys, row) -> compare(table + keys, mine.get(keys), row, wrong));
            mine.keySet().stream()
                    .filter(keys -> !rows.containsKey(keys))
                    .forEach(keys -> wrong.add(table + keys + " is not in the table"));
        });
        int count = tables.values().stream().mapToInt(Map::size).sum();
        return Check.none(
                "rebuilt from the topic, the tables are the same", count + " rows", wrong);
    }

    private static Map<String, Map<String, Map<String, String>>> replay(List<RowEvent> events) {
        Map<String, Map<String, Map<String, String>>> built = new TreeMap<>();
        for (RowEvent event : events) {
            Map<String, Map<String, String>> table =
                    built.computeIfAbsent(event.table(), name -> new TreeMap<>());
            if (event.operation().equals("REMOVE")) {
                table.remove(event.keys());
                continue;
            }
            Map<String, String> row = new HashMap<>();
            event.after().properties().forEach(e -> row.put(e.getKey(), text(e.getValue())));
            Map<String, String> former = table.getOrDefault(event.keys(), Map.of());
            for (String column : event.unknown()) {
                if (column.startsWith("after.")) {
                    String name = column.substring("after.".length());
                    row.put(name, former.getOrDefault(name, "not told before either"));
                }
            }
            table.put(event.keys(), row);
        }
        return built;
    }

    /**
     * A column that came after the row's last change is not in its event; its name is not either.
     */
    private static void compare(
            String which,
            @org.jspecify.annotations.Nullable Map<String, String> mine,
            Map<String, String> row,
            List<String> wrong) {
        if (mine == null) {
            wrong.add(which + " is missing");
            return;
        }
        row.forEach((column, value) -> {
            String told =
                    switch (column) {
                        case "colour" -> mine.getOrDefault(column, "red");
                        case "remark" ->
                                mine.getOrDefault(column, mine.getOrDefault("note", "absent"));
                        default -> mine.getOrDefault(column, "absent");
                    };
            if (!told.equals(value)) {
                wrong.add(which + "." + column + " is '" + told + "' and not '" + value + "'");
            }
        });
    }

    private static String text(JsonNode value) {
        return value.isNull() ? "null" : value.asText();
    }

    /** Within a row each position is larger than the one before. */
    static Check growingPositions(List<RowEvent> events) {
        Map<String, String> latest = new HashMap<>();
        List<String> wrong = new ArrayList<>();
        for (RowEvent event : events) {
            String former = latest.put(event.table() + event.keys(), event.position());
            if (former != null && former.compareTo(event.position()) >= 0) {
                wrong.add(
                        event.table()
                                + event.keys()
                                + ": "
                                + event.position()
                                + " after "
                                + former);
            }
        }
        return Check.none("the position grows with every change of a row", "larger each", wrong);
    }

    /** Every change names its transaction, and those of one transaction the same. */
    static Check transactions(List<RowEvent> events, long committed) {
        Set<String> ids = new HashSet<>();
        for (RowEvent event : events) {
            if (!event.operation().equals("READ")) {
                ids.add(event.transactionId());
            }
        }
        ids.remove("");
        return Check.equal("transactions that are named", committed, (long) ids.size());
    }

    /** Of a table whose log tells the key alone, no column is made up, and the event says so. */
    static Check nothingMadeUp(List<RowEvent> events) {
        List<String> wrong = new ArrayList<>();
        int removed = 0;
        int unchanged = 0;
        for (RowEvent event : events) {
            if (!event.table().equals("items")) {
                continue;
            }
            if (event.operation().equals("REMOVE")) {
                removed++;
                boolean said =
                        event.unknown().containsAll(List.of("before.photo", "before.version"));
                if (!said || event.before().has("photo") || event.before().has("version")) {
                    wrong.add("REMOVE of " + event.keys() + " has " + event.before());
                }
            } else if (event.unknown().contains("after.photo")) {
                unchanged++;
                if (event.after().has("photo")) {
                    wrong.add("MODIFY of " + event.keys() + " has a photo that is not known");
                }
            }
        }
        if (removed == 0 || unchanged == 0) {
            wrong.add(removed + " removals and " + unchanged + " unchanged photos were seen");
        }
        return Check.none("what the log does not tell is said to be unknown", "said", wrong);
    }

    /** A column that is added, renamed or dropped while the connector runs. */
    static Check schemaChanges(List<RowEvent> events) {
        boolean before = false;
        boolean renamed = false;
        boolean dropped = false;
        for (RowEvent event : events) {
            if (event.table().equals("orders") && !event.operation().equals("REMOVE")) {
                before |= event.after().has("note") && event.after().has("at");
                renamed |= event.after().has("remark") && event.after().has("colour");
                dropped |= event.after().has("remark") && !event.after().has("at");
            }
        }
        return Check.equal(
                "columns that were added, renamed and dropped",
                "seen before, added and renamed, dropped",
                (before ? "seen before" : "not seen before")
                        + (renamed ? ", added and renamed" : ", not renamed")
                        + (dropped ? ", dropped" : ", not dropped"));
    }
}
