package io.millrace.connectors.queue;

import java.time.Duration;
import java.util.List;

/**
 * A connection to one queue that hands messages out and takes them back when they are safe.
 *
 * <p>A message that is not acknowledged must be handed out again sooner or later: after its lease,
 * after the connection ends, or after {@code close}. While a message is not acknowledged, a client
 * whose queue leases messages extends the lease by itself, also while nobody calls it. Threading:
 * one thread, the task's.
 *
 * @param <R> what the queue needs to know a message again when it is acknowledged
 */
public interface QueueClient<R> extends AutoCloseable {

    /**
     * Waits until there are messages, and gives those that are there.
     *
     * @param max how many at most, 1 or more
     * @param wait how long at most; zero: not at all
     * @throws QueueException the queue does not answer or refuses
     */
    List<ReceivedMessage<R>> receive(int max, Duration wait) throws InterruptedException;

    /**
     * Tells the queue that it may forget messages. It need not wait for the queue's answer.
     *
     * @return how many acknowledgements failed since the last call; those messages come again
     * @throws QueueException the queue does not answer; all of them may come again
     */
    int acknowledge(List<R> receipts);

    /** Whether it can be used further after it has thrown; if not, it is closed and replaced. */
    boolean isUsable();

    /** How often leases were extended; zero for queues without leases. */
    default long extensions() {
        return 0;
    }

    /** Ends the connection within a few seconds and gives back what is not acknowledged. */
    @Override
    void close();
}
