package io.millrace.engine.execute;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Runs ready lanes, in the order in which they became ready, at most {@code permits} at a time.
 *
 * <ul>
 *   <li>{@link #submit} never blocks and never refuses; what can wait here is bounded by the lanes,
 *       hence by the events that back-pressure admits.
 *   <li>A worker takes lanes until none is ready, so that a busy trigger starts few threads.
 *   <li>At most {@value #MAX_STARTING} workers are on their way at a time; each starts the next one
 *       when it begins and finds more work than its own. So there are soon as many as there is work
 *       that waits, but a burst of short work is done by those that run already.
 *   <li>A permit is held as long as the handler runs, also past its deadline when it does not react
 *       to the interrupt: the bound of running handlers is never exceeded.
 * </ul>
 *
 * Threading: any thread.
 */
public final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private static final int MAX_STARTING = 2;

    private final ConcurrentLinkedQueue<PooledWork> ready = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger workers = new AtomicInteger();

    /** Workers that were started and have not begun yet. */
    private final AtomicInteger starting = new AtomicInteger();

    private final LongAdder rateWaits = new LongAdder();

    private final RateLimit rate;
    private final Executor threads;
    private volatile int permits;
    private volatile boolean trying;

    /**
     * @param threads starts a thread for each worker, see {@link InvocationThreads}
     */
    public Dispatcher(int permits, RateLimit rate, Executor threads) {
        this.permits = permits;
        this.rate = rate;
        this.threads = threads;
    }

    /** Changes how many lanes may run; those that run beyond it give way at their next batch. */
    public void setPermits(int count) {
        trying = false;
        permits = count;
        refill();
    }

    /** Lets one batch through, and nothing more until it is called again. */
    public void tryOne() {
        trying = true;
        permits = 1;
        refill();
    }

    /** Whether {@link #tryOne} was called and {@link #setPermits} not since. */
    public boolean isTrying() {
        return trying;
    }

    public int permits() {
        return permits;
    }

    /** Starts what may be started; to be called now and then, since the rate lets more through. */
    public void refill() {
        int missing = Math.min(permits - workers.get(), waiting.get());
        for (int i = 0; i < missing && rate.isOpen(); i++) {
            startWorker();
        }
    }

    /** A running lane has taken so many events. */
    public void started(int events) {
        rate.debit(events);
        if (trying) {
            permits = 0;
        }
    }

    /** Whether a running lane may take its next batch. */
    public boolean goesOn() {
        return workers.get() <= permits && rate.isOpen();
    }

    public void submit(PooledWork work) {
        ready.add(work);
        waiting.incrementAndGet();
        if (rate.isOpen()) {
            startWorker();
        } else {
            rateWaits.increment();
        }
    }

    /** How often a lane was submitted and found the rate used up. */
    public long rateWaits() {
        return rateWaits.sum();
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
        if (!increment(starting, MAX_STARTING)) {
            return;
        }
        while (!increment(workers, permits)) {
            starting.decrementAndGet();
            // Somebody may have relied on this start, and a worker may have ended meanwhile.
            if (workers.get() >= permits || ready.isEmpty() || !increment(starting, MAX_STARTING)) {
                return;
            }
        }
        try {
            threads.execute(this::work);
        } catch (RuntimeException | Error e) {
            workers.decrementAndGet();
            starting.decrementAndGet();
            throw e;
        }
    }

    private static boolean increment(AtomicInteger count, int bound) {
        int present = count.get();
        while (present < bound) {
            if (count.compareAndSet(present, present + 1)) {
                return true;
            }
            present = count.get();
        }
        return false;
    }

    private void work() {
        starting.decrementAndGet();
        PooledWork next = poll();
        // Whoever submitted while this worker was on its way may have relied on it.
        startAnother();
        while (next != null) {
            waiting.decrementAndGet();
            runGuarded(next);
            next = poll();
        }
        workers.decrementAndGet();
        // Work that was added after the last look found no free worker: look once more.
        startAnother();
    }

    private void startAnother() {
        if (!ready.isEmpty() && rate.isOpen()) {
            startWorker();
        }
    }

    private @Nullable PooledWork poll() {
        return goesOn() ? ready.poll() : null;
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
