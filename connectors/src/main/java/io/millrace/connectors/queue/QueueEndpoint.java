package io.millrace.connectors.queue;

/**
 * A queue that can be connected to.
 *
 * @param <R> receipt of a message
 */
public interface QueueEndpoint<R> {
    /** The name that people know it by; it also is its name in the source offsets. */
    String queue();

    /** Where it is, a URI reference without secrets. */
    String uri();

    /**
     * Connects.
     *
     * @throws QueueException it does not answer or refuses
     */
    QueueClient<R> open();
}
