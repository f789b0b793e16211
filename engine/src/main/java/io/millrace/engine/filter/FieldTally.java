package io.millrace.engine.filter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * How often an event has each field that a filter looks at, and how long these are: from this
 * follows, before matching, how much work it will be.
 *
 * <p>Threading: one thread, for one event.
 */
final class FieldTally {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Count NONE = new Count();

    /** The fields of one name. */
    private static final class Count {
        private long values;
        private long length;
        private long object = -1;
        private long inObject;
        private long mostInOneObject;
    }

    private final FieldNames names;
    private final Map<String, Count> counts = new HashMap<>();
    private long values;
    private long objects;

    FieldTally(FieldNames names) {
        this.names = names;
    }

    /** How many values event-ruler will look at. */
    long values() {
        return values;
    }

    long valuesOf(String field) {
        return counts.getOrDefault(field, NONE).values;
    }

    /** The length of all values of a field, in characters. */
    long lengthOf(String field) {
        return counts.getOrDefault(field, NONE).length;
    }

    /** How many values of a field are in the same object, where it has most. */
    long mostInOneObject(String field) {
        return counts.getOrDefault(field, NONE).mostInOneObject;
    }

    void add(String field, int length) {
        add(field, length, 0);
    }

    private void add(String field, int length, long object) {
        values++;
        if (names.has(field)) {
            Count count = counts.computeIfAbsent(field, _ -> new Count());
            count.values++;
            count.length += length;
            count.inObject = count.object == object ? count.inObject + 1 : 1;
            count.object = object;
            count.mostInOneObject = Math.max(count.mostInOneObject, count.inObject);
        }
    }

    /**
     * Counts what is in JSON text and proves that it is JSON, one value to its end. Nothing is
     * counted of what is not. Once per root.
     *
     * @param root name of the field that holds it
     * @throws com.fasterxml.jackson.core.exc.StreamConstraintsException if it is JSON that is
     *     nested too deeply or has numbers too long
     * @throws com.fasterxml.jackson.core.JsonProcessingException if it is not JSON
     */
    void addJson(String root, String text) throws IOException {
        FieldTally inside = new FieldTally(names);
        try (JsonParser parser = JSON.createParser(text)) {
            inside.walk(root, parser);
        }
        counts.putAll(inside.counts);
        values += inside.values;
    }

    // Event-ruler skips a step that no pattern names; so does this, for it is the bulk of an event.
    private void walk(String root, JsonParser parser) throws IOException {
        Deque<Enclosing> parents = new ArrayDeque<>();
        String path = root;
        JsonToken token = parser.nextToken();
        while (token != null) {
            switch (token) {
                case START_OBJECT -> parents.push(new Enclosing(path, ++objects));
                case END_OBJECT -> path = parents.pop().path();
                case FIELD_NAME -> {
                    String step = parser.currentName();
                    if (names.hasStep(step)) {
                        path = parents.getFirst().path() + "." + step;
                    } else {
                        parser.nextToken();
                        parser.skipChildren();
                    }
                }
                case START_ARRAY, END_ARRAY -> {}
                default -> add(path, parser.getTextLength(), objectOf(parents));
            }
            token = parser.nextToken();
        }
    }

    private static long objectOf(Deque<Enclosing> parents) {
        Enclosing innermost = parents.peek();
        return innermost == null ? 0 : innermost.number();
    }

    /** An object that is open, and the field that holds it. */
    private record Enclosing(String path, long number) {}
}
