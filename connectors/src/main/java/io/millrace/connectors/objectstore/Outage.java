package io.millrace.connectors.objectstore;

import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;

/**
 * Decides what follows when the store fails: a growing pause, or the end of the task.
 *
 * <p>An outage is told of twice, when it begins and when it ends, not at every try. Threading: the
 * task thread only.
 */
final class Outage {
    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final String store;
    private final Duration timeout;
    private final Duration pollInterval;
    private Instant since = Instant.MIN;
    private int tries;

    /**
     * @param timeout how long an outage may last
     * @param pollInterval the pause is not longer than this, within reason
     */
    Outage(String store, Duration timeout, Duration pollInterval) {
        this.store = store;
        this.timeout = timeout;
        this.pollInterval = pollInterval;
    }

    /**
     * The pause before the next try.
     *
     * @throws ConnectException the failure does not heal by itself, or lasts too long
     */
    Duration pauseAfter(StoreException failure, Instant now) {
        if (!failure.isTransient()) {
            throw new ConnectException(failure.text(), failure);
        }
        if (tries == 0) {
            since = now;
            LOG.warn("{}; asking again until it answers", failure.text());
        }
        if (Duration.between(since, now).compareTo(timeout) >= 0) {
            throw new ConnectException(
                    failure.text()
                            + "; it has failed since "
                            + since
                            + ", longer than objectstore.outage.timeout.ms allows. Restart the"
                            + " task when the store is back",
                    failure);
        }
        Duration grown = FIRST_PAUSE.multipliedBy(1L << Math.min(tries, 10));
        tries++;
        return shortest(shortest(grown, LONGEST_PAUSE), longerOf(pollInterval));
    }

    /** The store answers. */
    void end() {
        if (tries > 0) {
            LOG.info("The object store '{}' answers again", store);
            tries = 0;
        }
    }

    /** Never more often than twice a second, however short the poll interval is. */
    private static Duration longerOf(Duration pollInterval) {
        return pollInterval.compareTo(FIRST_PAUSE) > 0 ? pollInterval : FIRST_PAUSE;
    }

    private static Duration shortest(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
