package io.millrace.connectors.objectstore;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A way in which notifications come.
 *
 * <p>Threading: the task thread; {@code close} from any thread.
 */
interface NotificationTransport extends AutoCloseable {

    /**
     * Waits until there are messages, and gives those that are there.
     *
     * @param wait how long at most
     * @throws StoreException the transport does not answer, or refuses
     */
    List<IncomingMessage> receive(Duration wait) throws InterruptedException;

    /**
     * What a record that comes of a message has to carry.
     *
     * @param index which of the message's notifications
     * @param isLast whether it is the last record of the message
     */
    Place place(IncomingMessage message, int index, boolean isLast);

    /** Whether the message was told of before, or is told of at the moment. */
    boolean isRepeat(IncomingMessage message);

    @Override
    void close();

    /**
     * A source partition of Kafka Connect and the offset to store there.
     *
     * @param partition identity of the place
     * @param offset how far it was read
     */
    record Place(Map<String, ?> partition, Map<String, ?> offset) {}
}
