package io.millrace.functions;

import org.jspecify.annotations.Nullable;

/**
 * A function that takes one event at a time.
 *
 * <p>The smallest one:
 *
 * <pre>{@code
 * public final class Shout implements Handler<String, String> {
 *     public String handle(String event, Context context) {
 *         return event.toUpperCase(Locale.ROOT);
 *     }
 * }
 * }</pre>
 *
 * <ul>
 *   <li>The class is public, not abstract, and has a public constructor without parameters. It is
 *       made once per environment. If it is {@link AutoCloseable}, it is closed when its version is
 *       retired and its last invocation is over.
 *   <li>{@code handle} is called by many threads at the same time.
 *   <li>It is called at least once per event: work outside Kafka should use {@link
 *       Context#requestId()} as its idempotency key.
 * </ul>
 *
 * @param <I> what the event is turned into: {@code byte[]}, {@link java.nio.ByteBuffer}, {@link
 *     String}, a type of {@link io.millrace.functions.events}, a record or bean (from JSON or
 *     Avro), a {@code Map} or {@code List}, or a generated Avro class. A record without value (a
 *     tombstone) arrives as null
 * @param <O> what is written to the results topic: bytes as they are, a {@link String} as UTF-8, a
 *     generated Avro class as Avro, everything else as JSON. For null, and for {@link Void}, no
 *     result is written
 */
@FunctionalInterface
public interface Handler<I extends @Nullable Object, O extends @Nullable Object> {
    /**
     * Handles one event.
     *
     * @throws Exception if the attempt failed: it is tried again as the trigger's policy says,
     *     except for {@link NonRetryable}, which sends the event to the dead letters at once
     */
    O handle(I event, Context context) throws Exception;
}
