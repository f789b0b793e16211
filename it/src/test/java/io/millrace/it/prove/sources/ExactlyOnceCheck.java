package io.millrace.it.prove.sources;

import io.millrace.it.prove.Check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Compares what a source's server says has happened with what is in the topic. Pure. What is
 * expected comes from the server's own state, in the order of each key; what was found in the order
 * of the partitions' offsets.
 */
public final class ExactlyOnceCheck {
    private ExactlyOnceCheck() {}

    /**
     * Judges events that carry CloudEvents headers.
     *
     * @param expected in order for each key; between keys any
     * @param found the topic, by partition in order
     * @param reading what change a record tells of
     */
    public static List<Check> judge(
            Collection<Change> expected,
            List<TopicRecord> found,
            Function<TopicRecord, Change> reading) {
        List<Change> changes = found.stream().map(reading).toList();
        List<Check> checks = new ArrayList<>(judge(expected, changes));
        checks.add(onePartitionPerKey(found));
        checks.add(idsOfTheirOwn(found));
        return checks;
    }

    /** Judges changes alone. */
    static List<Check> judge(Collection<Change> expected, List<Change> found) {
        Map<Change, Integer> times = new HashMap<>();
        found.forEach(change -> times.merge(change, 1, Integer::sum));
        Set<Change> wanted = new HashSet<>(expected);
        List<String> lost = new ArrayList<>();
        for (Change change : expected) {
            if (!times.containsKey(change)) {
                lost.add(change.toString());
            }
        }
        List<String> repeated = new ArrayList<>();
        List<String> invented = new ArrayList<>();
        times.forEach((change, count) -> {
            if (count > 1) {
                repeated.add(change + " " + count + " times");
            }
            if (!wanted.contains(change)) {
                invented.add(change.toString());
            }
        });
        return List.of(
                new Check(
                        "there is something to judge",
                        "changes, each of its own id",
                        expected.size() + " changes, " + wanted.size() + " ids",
                        !expected.isEmpty() && wanted.size() == expected.size()),
                Check.none("nothing lost", "all of " + expected.size(), lost),
                Check.none("nothing twice", "once each", repeated),
                Check.none("nothing from nowhere", "only what happened", invented),
                Check.none("in order within a key", "as it happened", swapped(expected, found)));
    }

    /** Keys whose changes come in another order; what is missing or twice is told elsewhere. */
    private static List<String> swapped(Collection<Change> expected, List<Change> found) {
        Map<Change, Integer> places = new HashMap<>();
        expected.forEach(change -> places.putIfAbsent(change, places.size()));
        Map<String, Change> latest = new HashMap<>();
        List<String> swapped = new ArrayList<>();
        for (Change change : new LinkedHashMap<>(firsts(found)).keySet()) {
            Integer place = places.get(change);
            if (place == null) {
                continue;
            }
            Change before = latest.put(change.key(), change);
            if (before != null && places.getOrDefault(before, -1) > place) {
                swapped.add(change + " after '" + before.id() + "'");
            }
        }
        return swapped;
    }

    private static Map<Change, Boolean> firsts(List<Change> found) {
        Map<Change, Boolean> firsts = new LinkedHashMap<>();
        found.forEach(change -> firsts.putIfAbsent(change, true));
        return firsts;
    }

    private static Check onePartitionPerKey(List<TopicRecord> found) {
        Map<String, Integer> partitions = new HashMap<>();
        List<String> torn = new ArrayList<>();
        for (TopicRecord record : found) {
            Integer first = partitions.putIfAbsent(record.key(), record.partition());
            if (!record.key().isEmpty() && first != null && first != record.partition()) {
                torn.add("'" + record.key() + "' in " + first + " and " + record.partition());
            }
        }
        return Check.none("one partition for a key", "one", torn);
    }

    private static Check idsOfTheirOwn(List<TopicRecord> found) {
        Set<String> seen = new HashSet<>();
        List<String> shared = new ArrayList<>();
        for (TopicRecord record : found) {
            String id = record.header("ce_id");
            if (id.isEmpty() || !seen.add(id)) {
                shared.add(record.partition() + "-" + record.offset() + " has id '" + id + "'");
            }
        }
        return Check.none("every event has an id of its own", "one each", shared);
    }
}
