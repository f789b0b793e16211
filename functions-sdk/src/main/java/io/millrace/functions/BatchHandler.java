package io.millrace.functions;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A function that takes several events at a time.
 *
 * <p>What is said of {@link Handler} about the class, its threads and its types holds here too.
 *
 * @param <I> what each event is turned into, see {@link Handler}
 * @param <O> what each event's result is, see {@link Handler}
 */
@FunctionalInterface
public interface BatchHandler<I extends @Nullable Object, O extends @Nullable Object> {
    /**
     * Handles the events of one batch.
     *
     * @param events in the order of their offsets, immutable, empty only for the final invocation
     *     of a {@link Window}; {@link Context#sources()} has the same length and order
     * @return one end per event
     * @throws Exception if the attempt failed as a whole: all its events are tried again, except
     *     for {@link NonRetryable}
     */
    BatchResult<O> handle(List<I> events, Context context) throws Exception;
}
