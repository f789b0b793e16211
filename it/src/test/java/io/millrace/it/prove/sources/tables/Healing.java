package io.millrace.it.prove.sources.tables;

import io.millrace.it.prove.sources.ConnectWorker;

/**
 * Does what an operator does: restarts what has failed, for example a task that was started while
 * the database was down. Threading: one thread.
 */
final class Healing {
    private static final long PAUSE_NANOS = 3_000_000_000L;

    private final ConnectWorker worker;
    private final String connector;
    private long lookedAt = System.nanoTime();
    private int times;

    Healing(ConnectWorker worker, String connector) {
        this.worker = worker;
        this.connector = connector;
    }

    /** Looks now and then. */
    void look() {
        long now = System.nanoTime();
        if (now - lookedAt < PAUSE_NANOS) {
            return;
        }
        lookedAt = now;
        if (worker.rest().status(connector).isFailed()) {
            worker.rest().restartFailed(connector);
            times++;
        }
    }

    /** How often something was restarted. */
    int times() {
        return times;
    }
}
