package io.millrace.connectors.sqs;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/** What SQS knows a message by until its lease ends. Threading: any thread. */
final class SqsReceipt {
    private final String handle;
    private volatile Instant leasedAt;
    private final AtomicInteger deletions = new AtomicInteger();

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
    int deletion() {
        return deletions.getAndIncrement();
    }
}
