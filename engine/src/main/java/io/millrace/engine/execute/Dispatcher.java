package io.millrace.engine.execute;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs ready lanes, in the order in which they became ready, at most {@code permits} at a time.
 *
 * <ul>
 *   <li>{@link #submit} never blocks and never refuses; what can wait here is bounded by the lanes,
 *       hence by the events that back-pressure admits.
 *   <li>A worker takes lanes until none is ready, so that a busy trigger starts few threads.
 *   <li>A permit is held as long as the handler runs, also past its deadline when it does not react
 *       to the interrupt: the bound of running handlers is never exceeded.
 * </ul>
 *
 * Threading: any thread.
 */
public final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final ConcurrentLinkedQueue<PooledWork> ready = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger workers = new AtomicInteger();
    private final int permits;
    private final Executor threads;

    /**
     * @param threads starts a thread for each worker, see {@link InvocationThreads}
     */
    public Dispatcher(int permits, Executor threads) {
        this.permits = permits;
        this.threads = threads;
    }

    public void submit(PooledWork work) {
        ready.add(work);
        waiting.incrementAndGet();
        startWorker();
    }

    /** Lanes that are ready and wait for a permit. */
    public int waiting() {
        return waiting.get();
    }

    /** Permits in use. */
    public int running() {
        return workers.get();
    }

    private void startWorker() {
        int running = workers.get();
        while (running < permits) {
            if (workers.compareAndSet(running, running + 1)) {
                startThread();
                return;
            }
            running = workers.get();
        }
    }

    private void startThread() {
        try {
            threads.execute(this::work);
        } catch (RuntimeException | Error e) {
            workers.decrementAndGet();
            throw e;
        }
    }

    private void work() {
        PooledWork next = ready.poll();
        while (next != null) {
            waiting.decrementAndGet();
            runGuarded(next);
            next = ready.poll();
        }
        workers.decrementAndGet();
        // Work that was added after the last look found no free worker: look once more.
        if (!ready.isEmpty()) {
            startWorker();
        }
    }

    private static void runGuarded(PooledWork work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "A lane's turn failed; its events run again after a restart of the trigger", e);
        } finally {
            // An interrupt was meant for this work, not for the next.
            boolean _ = Thread.interrupted();
        }
    }
}
