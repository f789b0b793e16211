package io.millrace.connectors.objectstore;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A message that may tell of objects, as a transport handed it out.
 *
 * <p>Threading: the task thread; {@code recordCommitted} from any thread.
 */
final class IncomingMessage {
    /** None of the message's notifications was told of before. */
    static final int NONE = -1;

    private final byte[] body;
    private final String name;
    private final long position;
    private final int toldUpTo;
    private final Runnable whenSafe;
    private final AtomicInteger outstanding = new AtomicInteger();

    /**
     * @param body taken over; nobody may change it afterwards
     * @param name where it came from, for people and for the source offsets
     * @param position where in there
     * @param toldUpTo index of the last notification that an earlier task told of
     * @param whenSafe runs once when everything that came of the message is stored
     */
    IncomingMessage(byte[] body, String name, long position, int toldUpTo, Runnable whenSafe) {
        this.body = body;
        this.name = name;
        this.position = position;
        this.toldUpTo = toldUpTo;
        this.whenSafe = whenSafe;
    }

    byte[] body() {
        return body;
    }

    String name() {
        return name;
    }

    long position() {
        return position;
    }

    int toldUpTo() {
        return toldUpTo;
    }

    /** So many records come of it; with none it is safe at once. */
    void becomes(int records) {
        outstanding.set(records);
        if (records == 0) {
            whenSafe.run();
        }
    }

    /** One of its records is stored, or was dropped on purpose. */
    void recordCommitted() {
        if (outstanding.decrementAndGet() == 0) {
            whenSafe.run();
        }
    }
}
