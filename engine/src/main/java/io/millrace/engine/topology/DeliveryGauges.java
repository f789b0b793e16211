package io.millrace.engine.topology;

import io.millrace.engine.delivery.Decision;
import io.millrace.engine.delivery.DeliveryMachine;
import io.millrace.engine.model.Outcome;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    private final LongAdder retries = new LongAdder();
    private final Set<DeliveryMachine> machines = ConcurrentHashMap.newKeySet();

    void opened(DeliveryMachine machine) {
        machines.add(machine);
    }

    void closed(DeliveryMachine machine) {
        machines.remove(machine);
    }

    void applied(Decision decision) {
        for (Decision.Settled settled : decision.settled()) {
            switch (settled.outcome()) {
                case Outcome.Succeeded _ -> succeeded.increment();
                case Outcome.Failed _ -> deadLetters.increment();
            }
        }
        if (decision.retry().isPresent()) {
            retries.increment();
        }
    }

    public long succeeded() {
        return succeeded.sum();
    }

    public long deadLetters() {
        return deadLetters.sum();
    }

    public long retries() {
        return retries.sum();
    }

    /** Partitions this node owns at present. */
    public int partitions() {
        return machines.size();
    }
}
