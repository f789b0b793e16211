package io.millrace.it.prove.sources.tables;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The rows there are, and those there were before the transaction under way. Threading: one thread.
 */
final class Rows {
    private static final int LINES = 5;

    private State now = new State(new ArrayList<>(), new ArrayList<>(), new HashMap<>());
    private State before = now.copy();
    private long nextOrder = 1;
    private long nextItem;

    private record State(
            List<Long> orders, List<RowWorkload.Item> items, Map<String, Long> versions) {
        State copy() {
            return new State(
                    new ArrayList<>(orders), new ArrayList<>(items), new HashMap<>(versions));
        }
    }

    void commit() {
        before = now.copy();
    }

    /** Numbers that were given out are not given out again. */
    void rollBack() {
        now = before.copy();
    }

    long newOrder() {
        long id = nextOrder++;
        now.orders().add(id);
        return id;
    }

    @Nullable Long anyOrder(SplittableRandom random) {
        return now.orders().isEmpty()
                ? null
                : now.orders().get(random.nextInt(now.orders().size()));
    }

    void removeOrder(Long id) {
        now.orders().remove(id);
    }

    RowWorkload.Item newItem(String photo, long version) {
        long number = nextItem++;
        RowWorkload.Item item =
                new RowWorkload.Item(number / LINES, (int) (number % LINES), photo, version);
        now.items().add(item);
        return item;
    }

    RowWorkload.@Nullable Item anyItem(SplittableRandom random) {
        return now.items().isEmpty() ? null : now.items().get(random.nextInt(now.items().size()));
    }

    void removeItem(RowWorkload.Item item) {
        now.items().remove(item);
    }

    boolean has(String key) {
        return now.versions().containsKey(key);
    }

    long versionOf(String key) {
        return now.versions().getOrDefault(key, 0L);
    }

    void setVersion(String key, long version) {
        now.versions().put(key, version);
    }

    void forget(String key) {
        now.versions().remove(key);
    }
}
