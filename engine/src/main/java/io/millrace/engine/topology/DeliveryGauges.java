package io.millrace.engine.topology;

import io.millrace.engine.delivery.AttemptReport;
import io.millrace.engine.delivery.Decision;
import io.millrace.engine.delivery.DeliveryMachine;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.ItemEnd;
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
    private final Set<PartitionGauges> open = ConcurrentHashMap.newKeySet();
    private final LongAdder attemptsSucceeded = new LongAdder();
    private final LongAdder attemptsFailed = new LongAdder();
    private final LongAdder attemptsTimedOut = new LongAdder();
    private final LongAdder repeatsOfClosed = new LongAdder();
    private final PartitionListener listener;
    private volatile Outage outage = new Outage("", Long.MIN_VALUE / 2);
    private volatile long commits;
    private volatile long commitNanos;

    public DeliveryGauges() {
        this(PartitionListener.NONE);
    }

    public DeliveryGauges(PartitionListener listener) {
        this.listener = listener;
    }

    void opened(DeliveryMachine machine, PartitionGauges partition) {
        open.add(partition);
        busy.add(machine);
        listener.opened(partition);
    }

    void closed(DeliveryMachine machine, PartitionGauges partition) {
        if (open.remove(partition)) {
            repeatsOfClosed.add(machine.repeated());
            listener.closed(partition);
        }
        idle(machine);
    }

    private synchronized void idle(DeliveryMachine machine) {
        busy.remove(machine);
        notifyAll();
    }

    /** Something of the engine's own was not there, at a time on the monotonic clock. */
    private record Outage(String what, long at) {}

    /** Attempts that met it are repeated within seconds: for so long it goes on. */
    private static final long OUTAGE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** What attempts cannot do without and do not find at present; empty when there is nothing. */
    public String outage(long now) {
        Outage last = outage;
        return now - last.at() < OUTAGE_NANOS ? last.what() : "";
    }

    private void noteOutage(AttemptReport report, long now) {
        for (ItemEnd end : report.ends()) {
            if (end instanceof ItemEnd.Failed(Failure failure)
                    && failure.kind() == Failure.Kind.UNAVAILABLE) {
                outage = new Outage(failure.type() + ": " + failure.message(), now);
                return;
            }
        }
    }

    /** The stream thread has committed so often, which takes so long at present. */
    void committed(long count, long nanos) {
        commits = count;
        commitNanos = nanos;
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

    void applied(Decision decision, long now) {
        for (Decision.Settled settled : decision.settled()) {
            switch (settled.outcome()) {
                case Outcome.Succeeded _ -> succeeded.increment();
                case Outcome.Failed _ -> deadLetters.increment();
                case Outcome.Filtered _ -> filtered.increment();
            }
        }
        if (!decision.retained().isEmpty()) {
            retries.increment();
            noteOutage(decision.report(), now);
        }
        if (decision.metering().isPresent()) {
            count(decision.report());
            LastResult result = hasFailed(decision) ? LastResult.PROBLEM : LastResult.OK;
            if (last.get() != result) {
                last.set(result);
            }
        }
    }

    private void count(AttemptReport report) {
        if (report.isClean()) {
            attemptsSucceeded.increment();
        } else if (report.whole().isPresent()
                && report.whole().get().kind() == Failure.Kind.TIMED_OUT) {
            attemptsTimedOut.increment();
        } else {
            attemptsFailed.increment();
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

    /** Partitions of these that back-pressure has paused. */
    public long pausedPartitions() {
        return open.stream().filter(partition -> partition.figures().paused()).count();
    }

    /** Events dropped as repeats. */
    public long repeats() {
        return repeatsOfClosed.sum()
                + open.stream().mapToLong(partition -> partition.figures().repeats()).sum();
    }

    /** Attempts in which no event failed. */
    public long attemptsSucceeded() {
        return attemptsSucceeded.sum();
    }

    /** Attempts in which at least one event failed, but for those that took too long. */
    public long attemptsFailed() {
        return attemptsFailed.sum();
    }

    /** Attempts that took too long. */
    public long attemptsTimedOut() {
        return attemptsTimedOut.sum();
    }

    /** Commits with something to write, by the present stream thread. */
    public long commits() {
        return commits;
    }

    /** How long a commit takes: a moving average. */
    public Duration commitDuration() {
        return Duration.ofNanos(commitNanos);
    }
}
