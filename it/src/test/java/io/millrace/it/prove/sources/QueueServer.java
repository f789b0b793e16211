package io.millrace.it.prove.sources;

import java.util.List;
import java.util.Map;

/** A real queue server in a process of its own. Threading: one thread. */
interface QueueServer extends AutoCloseable {
    /** What the connector needs to read its queue, beside topics and converters. */
    Map<String, String> connector();

    /**
     * Sends messages, and returns when the server has all of them.
     *
     * @param number from 0 on; message i has body {@code m<i>} and belongs to group {@code i %
     *     groups}
     * @param groups how many message groups there are
     * @return what the server has now, in order
     */
    List<Change> send(int number, int groups);

    /** How many messages the server still has, also those that it has handed out. */
    long left();

    /** Whether the order within a group is still known after a restart. */
    default boolean keepsOrderOverRestarts() {
        return true;
    }

    /** Ends the server in order and starts it again with what it has stored. */
    void restart();

    @Override
    void close();
}
