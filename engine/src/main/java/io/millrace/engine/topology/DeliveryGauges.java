package io.millrace.engine.topology;

import io.millrace.engine.delivery.Decision;
import io.millrace.engine.delivery.DeliveryMachine;
import io.millrace.engine.model.Outcome;
import io.millrace.engine.time.TimeSource;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * What one trigger has done on this node since it started, and what it holds.
 *
 * <p>Threading: written by stream threads, read by any; values of several partitions are not of one
 * moment.
 */
public final class DeliveryGauges {
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder deadLetters = new LongAdder();
    private final LongAdder filtered = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final AtomicReference<LastResult> last = new AtomicReference<>(LastResult.NONE);
    private final Set<DeliveryMachine> busy = ConcurrentHashMap.newKeySet();
    private final Set<DeliveryMachine> open = ConcurrentHashMap.newKeySet();

    void opened(DeliveryMachine machine) {
        open.add(machine);
        busy.add(machine);
    }

    synchronized void closed(DeliveryMachine machine) {
        open.remove(machine);
        busy.remove(machine);
        notifyAll();
    }

    /**
     * While the trigger stops: nothing of this partition runs any more, and all of it is applied.
     */
    synchronized void drained(DeliveryMachine machine) {
        if (busy.remove(machine)) {
            notifyAll();
        }
    }

    /**
     * Waits until every partition is drained; only of use while the trigger stops.
     *
     * @return false when it took too long
     */
    public synchronized boolean awaitDrained(Duration timeout, TimeSource time)
            throws InterruptedException {
        long end = time.nanos() + timeout.toNanos();
        while (!busy.isEmpty()) {
            long left = end - time.nanos();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    void applied(Decision decision) {
        for (Decision.Settled settled : decision.settled()) {
            switch (settled.outcome()) {
                case Outcome.Succeeded _ -> succeeded.increment();
                case Outcome.Failed _ -> deadLetters.increment();
                case Outcome.Filtered _ -> filtered.increment();
            }
        }
        if (!decision.retained().isEmpty()) {
            retries.increment();
        }
        if (decision.metering().isPresent()) {
            LastResult result = hasFailed(decision) ? LastResult.PROBLEM : LastResult.OK;
            if (last.get() != result) {
                last.set(result);
            }
        }
    }

    private static boolean hasFailed(Decision decision) {
        for (Decision.Settled settled : decision.settled()) {
            if (settled.outcome() instanceof Outcome.Failed) {
                return true;
            }
        }
        return !decision.retained().isEmpty();
    }

    /** How the last invocation ended (ESM-4). */
    public enum LastResult {
        NONE("No records processed"),
        OK("OK"),
        PROBLEM("PROBLEM: Function call failed");

        private final String text;

        LastResult(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    public LastResult lastResult() {
        return last.get();
    }

    public long succeeded() {
        return succeeded.sum();
    }

    public long deadLetters() {
        return deadLetters.sum();
    }

    public long filtered() {
        return filtered.sum();
    }

    public long retries() {
        return retries.sum();
    }

    /** Partitions this node owns at present. */
    public int partitions() {
        return open.size();
    }
}
