package io.millrace.functions;

import java.time.Instant;

/**
 * The tumbling window an invocation belongs to, and the state its earlier invocations left.
 *
 * <ul>
 *   <li>A window holds the events of one partition whose timestamps lie in it, and events that come
 *       late. Its batches are handled one after the other.
 *   <li>The handler answers with the new state: {@link WindowResult#keep}, {@link
 *       BatchResult#withState}. An answer without a state fails its batch.
 *   <li>When the window is over there is one more invocation, without events, for which {@link
 *       #isFinal()} is true; its answer needs no state, and its result goes where results go.
 *   <li>The state is as exact as results are: each event that was settled has entered it once. A
 *       batch that fails leaves it as it was.
 * </ul>
 */
public interface Window {
    /** The first moment of the window. */
    Instant start();

    /** The first moment behind the window. */
    Instant end();

    /** The state as it was answered last, an object of JSON; <code>{}</code> at first. */
    String state();

    /**
     * The state, read from JSON as events are: a record, a bean or a {@code Map}. What it lacks is
     * 0, false or null.
     *
     * @throws IllegalArgumentException if it does not fit the type
     */
    <S> S state(Class<S> type);

    /** Whether the window is over: no event comes with this invocation. */
    boolean isFinal();

    /**
     * Whether this final invocation comes before the window is over, because the state has become
     * larger than 1,048,576 bytes; the rest of the window begins with an empty state.
     */
    boolean isTerminatedEarly();
}
