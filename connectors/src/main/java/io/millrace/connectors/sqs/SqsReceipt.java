package io.millrace.connectors.sqs;

import java.time.Instant;

/**
 * What SQS knows a message by until its lease ends. Threading: the lease is written by whoever
 * holds the connection's lock.
 */
final class SqsReceipt {
    private final String handle;
    private volatile Instant leasedAt;
    private volatile int deletions;

    SqsReceipt(String handle, Instant leasedAt) {
        this.handle = handle;
        this.leasedAt = leasedAt;
    }

    String handle() {
        return handle;
    }

    /** When the lease began that lasts now. */
    Instant leasedAt() {
        return leasedAt;
    }

    void leasedAt(Instant time) {
        leasedAt = time;
    }

    /** One more try to delete the message; gives how many there were before. */
    @SuppressWarnings("NonAtomicOperationOnVolatileField") // One thread at a time has it.
    int deletion() {
        return deletions++;
    }
}
