package io.millrace.engine.topology;

import io.millrace.engine.execute.Dispatcher;
import io.millrace.engine.execute.RateLimit;
import io.millrace.engine.model.LoadPolicy;
import io.millrace.engine.outcome.CircuitBreaker;

import java.util.HashSet;
import java.util.Set;

/**
 * How much of a trigger's capacity this node may use at present: the shares of the partitions it
 * owns, nothing while the trigger is paused or its breaker is open.
 *
 * <p>Nodes do not talk to each other about it: the assignment of partitions splits the limits, so
 * that over all nodes they are kept at every stable assignment. With fewer permits than partitions
 * some carry none: {@link ShareAssignor} sees to it that every node with partitions has one that
 * does. Lanes of all partitions of the node take their turns with what there is, in the order in
 * which they became ready.
 *
 * <p>Threading: StreamThread only.
 */
public final class Throttle {
    private final LoadPolicy load;
    private final boolean paused;
    private final int partitions;
    private final Dispatcher dispatcher;
    private final RateLimit rate;
    private final CircuitBreaker breaker;
    private final Set<Integer> owned = new HashSet<>();
    private int budget;

    /**
     * @param paused whether nothing may be started at all
     * @param partitions of the source topic
     */
    public Throttle(
            LoadPolicy load,
            boolean paused,
            int partitions,
            Dispatcher dispatcher,
            RateLimit rate,
            CircuitBreaker breaker) {
        this.load = load;
        this.paused = paused;
        this.partitions = partitions;
        this.dispatcher = dispatcher;
        this.rate = rate;
        this.breaker = breaker;
    }

    CircuitBreaker breaker() {
        return breaker;
    }

    void opened(int partition) {
        owned.add(partition);
        share();
    }

    void closed(int partition) {
        owned.remove(partition);
        share();
    }

    private void share() {
        int sum = 0;
        for (int partition : owned) {
            sum += shareOf(load.maxConcurrency(), partitions, partition);
        }
        budget = owned.isEmpty() || paused ? 0 : sum;
        load.eventsPerSecond()
                .ifPresent(all -> rate.set(Math.max(1e-6, all * owned.size() / partitions)));
    }

    /** Permits that a partition carries; over all partitions they add up to the limit. */
    static int shareOf(int permits, int partitions, int partition) {
        return permits / partitions + (partition < permits % partitions ? 1 : 0);
    }

    /** Opens and closes the dispatcher as time goes on. */
    void tick(long now) {
        int permits = breaker.permits(budget, now);
        if (breaker.isOpen() && permits > 0) {
            // A permit alone would be handed on from lane to lane until the first failure is here.
            dispatcher.tryOne();
        } else if (permits != dispatcher.permits() || dispatcher.isTrying()) {
            dispatcher.setPermits(permits);
        } else {
            dispatcher.refill();
        }
    }
}
