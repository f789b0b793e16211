package io.millrace.connectors.objectstore;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** A bucket in memory that fails when it is told to. */
final class FakeStore implements ObjectLister {
    private final NavigableMap<String, StoredObject> objects = new TreeMap<>();
    private final Deque<StoreException> failures = new ArrayDeque<>();
    private final List<Optional<String>> asked = new ArrayList<>();
    private final int pageSize;
    private Instant time = Instant.parse("2026-01-01T00:00:00Z");
    private final List<String> checked = new ArrayList<>();
    private final Deque<String> hidden = new ArrayDeque<>();
    private Optional<StoreException> failureOfChecks = Optional.empty();
    private int puts;

    FakeStore(int pageSize) {
        this.pageSize = pageSize;
    }

    void put(String key) {
        puts++;
        objects.put(key, new StoredObject(key, "tag" + puts, puts, time));
    }

    void putEmpty(String key) {
        objects.put(key, new StoredObject(key, "", 0, time));
    }

    void remove(String key) {
        objects.remove(key);
    }

    /** The object is there, but listings do not show it. */
    void hide(String key) {
        hidden.add(key);
    }

    void failChecksWith(Optional<StoreException> failure) {
        failureOfChecks = failure;
    }

    /** The objects that were looked for one by one. */
    List<String> checked() {
        return checked;
    }

    /** The objects by their keys. */
    NavigableMap<String, StoredObject> objects() {
        return objects;
    }

    void setTime(Instant now) {
        time = now;
    }

    void failWith(StoreException failure) {
        failures.add(failure);
    }

    static StoreException down() {
        return StoreException.passing("The store is down", new IllegalStateException("down"));
    }

    /** The places that were asked for, one per request. */
    List<Optional<String>> asked() {
        return asked;
    }

    @Override
    public ListedPage list(Optional<String> place) {
        asked.add(place);
        StoreException failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
        NavigableMap<String, StoredObject> rest =
                place.isPresent() ? objects.tailMap(place.get(), false) : objects;
        List<StoredObject> page = rest.values().stream().limit(pageSize).toList();
        boolean more = rest.size() > page.size();
        return new ListedPage(
                page.stream().filter(each -> !hidden.contains(each.key())).toList(),
                more ? Optional.of(page.get(page.size() - 1).key()) : Optional.empty(),
                Optional.of(time));
    }

    @Override
    public boolean exists(String key) {
        if (failureOfChecks.isPresent()) {
            throw failureOfChecks.get();
        }
        checked.add(key);
        return objects.containsKey(key);
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
