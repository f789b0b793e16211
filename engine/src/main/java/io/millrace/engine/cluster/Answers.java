package io.millrace.engine.cluster;

import org.apache.kafka.common.KafkaFuture;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for the answers of an admin client, in bounded time. Any thread. */
public final class Answers {
    private final Cluster cluster;
    private final Duration patience;

    public Answers(Cluster cluster, Duration patience) {
        this.cluster = cluster;
        this.patience = patience;
    }

    /**
     * The answer.
     *
     * @param what was asked for, such as "cannot describe topic 'x'"
     * @throws io.millrace.engine.model.MillraceException with one telling line; its cause is what
     *     Kafka answered
     */
    public <T> T await(KafkaFuture<T> future, String what) {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw KafkaFailures.of(cluster, what, e);
        } catch (TimeoutException e) {
            throw KafkaFailures.of(
                    cluster,
                    what,
                    new org.apache.kafka.common.errors.TimeoutException(
                            "nothing within " + patience.toSeconds() + " s"));
        } catch (InterruptedException e) {
            throw KafkaFailures.interrupted(what);
        }
    }
}
