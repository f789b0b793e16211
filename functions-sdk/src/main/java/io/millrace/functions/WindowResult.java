package io.millrace.functions;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.Optional;

/**
 * What a {@link Handler} returns for an event of a tumbling window: the new state, and a result if
 * there is one. Immutable.
 *
 * <pre>{@code
 * public final class Count implements Handler<byte[], WindowResult<Long>> {
 *     public record Seen(long events) {}
 *
 *     public WindowResult<Long> handle(byte[] event, Context context) {
 *         Window window = context.window().orElseThrow();
 *         Seen seen = window.state(Seen.class);
 *         return window.isFinal()
 *                 ? WindowResult.of(seen.events())
 *                 : WindowResult.keep(new Seen(seen.events() + 1));
 *     }
 * }
 * }</pre>
 *
 * @param <O> the type of the result
 */
public final class WindowResult<O extends @Nullable Object> {
    private final Optional<Object> state;
    private final O value;

    private WindowResult(Optional<Object> state, O value) {
        this.state = state;
        this.value = value;
    }

    /**
     * The new state, and no result.
     *
     * @param state a record, bean or map, written as JSON; a {@link String} is JSON already
     */
    public static <O> WindowResult<@Nullable O> keep(Object state) {
        return new WindowResult<>(Optional.of(Objects.requireNonNull(state, "state")), null);
    }

    /** The new state and the event's result. */
    public static <O extends @Nullable Object> WindowResult<O> keep(Object state, O value) {
        return new WindowResult<>(Optional.of(Objects.requireNonNull(state, "state")), value);
    }

    /** A result and no state: for the final invocation of a window. */
    public static <O extends @Nullable Object> WindowResult<O> of(O value) {
        return new WindowResult<>(Optional.empty(), value);
    }

    /** The new state; empty for the final invocation. */
    public Optional<Object> state() {
        return state;
    }

    /** The result, null for none. */
    public O value() {
        return value;
    }

    /** Whether there is a state; never what it holds. */
    @Override
    public String toString() {
        return "WindowResult[" + (state.isPresent() ? "state]" : "no state]");
    }
}
