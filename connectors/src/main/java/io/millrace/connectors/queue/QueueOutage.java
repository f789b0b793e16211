package io.millrace.connectors.queue;

import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;

/**
 * Decides what follows when a queue fails: a growing pause, or the end of the task.
 *
 * <p>An outage is told of twice, when it begins and when it ends, not at every try. Threading: the
 * task thread.
 */
final class QueueOutage {
    private static final Logger LOG = LoggerFactory.getLogger(QueueOutage.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final String queue;
    private final Duration timeout;
    private Instant since = Instant.MIN;
    private Instant from = Instant.MIN;
    private Duration pause = Duration.ZERO;
    private int tries;

    QueueOutage(String queue, Duration timeout) {
        this.queue = queue;
        this.timeout = timeout;
    }

    /**
     * Notes a failure; the pause before the next try begins.
     *
     * @throws ConnectException the failure does not heal by itself, or lasts too long
     */
    void begin(QueueException failure, Instant now) {
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
                            + ", longer than "
                            + QueueSettings.OUTAGE_TIMEOUT
                            + " allows. Restart the task when the queue is back",
                    failure);
        }
        Duration grown = FIRST_PAUSE.multipliedBy(1L << Math.min(tries, 10));
        pause = grown.compareTo(LONGEST_PAUSE) < 0 ? grown : LONGEST_PAUSE;
        from = now;
        tries++;
    }

    /** The queue answers. */
    void end() {
        if (tries > 0) {
            LOG.info("Queue '{}' answers again", queue);
            tries = 0;
            pause = Duration.ZERO;
        }
    }

    boolean lasts() {
        return tries > 0;
    }

    /** How much of the pause is left; a clock that was set back does not make it longer. */
    Duration left(Instant now) {
        if (pause.isZero()) {
            return Duration.ZERO;
        }
        Duration passed = Duration.between(from, now);
        if (passed.isNegative()) {
            from = now;
            return pause;
        }
        Duration left = pause.minus(passed);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
