package io.millrace.functions;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How the events of one batch ended, each for itself: with a value or with a failure.
 *
 * <p>Immutable. An event that failed is tried again as the trigger's policy says, unless its
 * failure is a {@link NonRetryable}; the others are finished. Where order is kept, events behind a
 * failed one may be handed out again with it.
 *
 * @param <O> the type of one event's result
 */
public final class BatchResult<O extends @Nullable Object> {
    private static final int ANY_SIZE = -1;

    private final int size;
    private final List<O> values;
    private final SortedMap<Integer, Throwable> failures;
    private final Optional<String> response;
    private final Optional<Object> state;

    private BatchResult(int size, List<O> values, SortedMap<Integer, Throwable> failures) {
        this(size, values, failures, Optional.empty(), Optional.empty());
    }

    private BatchResult(
            int size,
            List<O> values,
            SortedMap<Integer, Throwable> failures,
            Optional<String> response,
            Optional<Object> state) {
        this.size = size;
        this.values = Collections.unmodifiableList(values);
        this.failures = Collections.unmodifiableSortedMap(failures);
        this.response = response;
        this.state = state;
    }

    /**
     * Every event succeeded.
     *
     * @param values one per event, in the order of the events; null where an event has no result
     */
    public static <O extends @Nullable Object> BatchResult<O> of(List<O> values) {
        return new BatchResult<>(values.size(), new ArrayList<>(values), new TreeMap<>());
    }

    /** Every event succeeded and none has a result. */
    public static <O extends @Nullable Object> BatchResult<O> allSucceeded() {
        return new BatchResult<>(ANY_SIZE, List.of(), new TreeMap<>());
    }

    /**
     * The answer of a handler written for Lambda, which names the events that failed: {@code
     * {"batchItemFailures":[{"itemIdentifier":...}]}}, beside {@code "state"} in a window. No event
     * has a result. How events are named depends on the trigger; an answer that names an event that
     * is not in the batch fails all of them.
     *
     * @param json the answer as it is; read by the engine, not here
     */
    public static <O extends @Nullable Object> BatchResult<O> ofResponse(String json) {
        return new BatchResult<>(
                ANY_SIZE,
                List.of(),
                new TreeMap<>(),
                Optional.of(Objects.requireNonNull(json, "json")),
                Optional.empty());
    }

    /** A result that is put together event by event. */
    public static <O extends @Nullable Object> Builder<O> builder() {
        return new Builder<>();
    }

    /**
     * The same, but the event at this place failed.
     *
     * @param index place of the event in the batch, from 0
     * @throws IndexOutOfBoundsException if there is no such place
     * @throws IllegalStateException if this is an answer, which names what failed by itself
     */
    public BatchResult<O> failed(int index, Throwable cause) {
        if (response.isPresent()) {
            throw new IllegalStateException("an answer names what failed by itself");
        }
        if (index < 0 || (size != ANY_SIZE && index >= size)) {
            throw new IndexOutOfBoundsException(
                    "no event " + index + " in a batch " + (size == ANY_SIZE ? "" : "of " + size));
        }
        SortedMap<Integer, Throwable> more = new TreeMap<>(failures);
        more.put(index, cause);
        return new BatchResult<>(size, values, more, response, state);
    }

    /**
     * The same, with the new state of the {@link Window}. It has to hold what is settled by this
     * answer: every event that did not fail, and where the trigger's partial answer is a
     * checkpoint, as it is by default, only those before the first that failed.
     *
     * @param newState a record, bean or map, written as JSON; a {@link String} is JSON already
     */
    public BatchResult<O> withState(Object newState) {
        return new BatchResult<>(
                size,
                values,
                failures,
                response,
                Optional.of(Objects.requireNonNull(newState, "newState")));
    }

    /** The new state of the window; empty if the answer has none. */
    public Optional<Object> state() {
        return state;
    }

    /** For how many events this is; empty if it holds for a batch of any size. */
    public OptionalInt size() {
        return size == ANY_SIZE ? OptionalInt.empty() : OptionalInt.of(size);
    }

    /**
     * The values in the order of the events; empty if there are none. What it holds for a failed
     * event means nothing.
     */
    public List<O> values() {
        return values;
    }

    /** The failures by the place of their event. */
    public Map<Integer, Throwable> failures() {
        return failures;
    }

    /** The answer this was made of; empty for every other result. */
    public Optional<String> response() {
        return response;
    }

    /** How many events failed and whether there are values; never the values. */
    @Override
    public String toString() {
        return "BatchResult[size="
                + (size == ANY_SIZE ? "any" : size)
                + ", failed="
                + failures.keySet()
                + (response.isPresent() ? ", response]" : "]");
    }

    /**
     * Collects one end per event, in the order of the events. Threading: one thread.
     *
     * @param <O> the type of one event's result
     */
    public static final class Builder<O extends @Nullable Object> {
        private final List<@Nullable O> values = new ArrayList<>();
        private final SortedMap<Integer, Throwable> failures = new TreeMap<>();

        private Builder() {}

        /** The next event succeeded with this result, null for none. */
        public Builder<O> succeeded(O value) {
            values.add(value);
            return this;
        }

        /** The next event failed. */
        public Builder<O> failed(Throwable cause) {
            failures.put(values.size(), cause);
            values.add(null);
            return this;
        }

        /** The result for all events added so far. */
        @SuppressWarnings("NullAway") // the place of a failed event holds null and is never read
        public BatchResult<O> build() {
            return new BatchResult<>(
                    values.size(), new ArrayList<O>(values), new TreeMap<>(failures));
        }
    }
}
