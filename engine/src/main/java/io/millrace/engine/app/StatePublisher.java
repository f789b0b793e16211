package io.millrace.engine.app;

import io.millrace.engine.model.TriggerId;
import io.millrace.engine.time.TimeSource;
import io.millrace.schemas.TriggerStatus;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Tells the cluster how the triggers fare on this node: at every change, and again at the
 * heartbeat, so that the word of a dead node is recognisably old.
 *
 * <p>What cannot be written is not repeated but for the next heartbeat: an old state is recognised
 * too. Threading: {@link #changed} by any thread; the rest on a thread of its own.
 */
final class StatePublisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatePublisher.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;
    private final Destination destination;
    private final Duration heartbeat;
    private final TimeSource time;
    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().name("trigger-states").daemon().factory());
    private final AtomicBoolean due = new AtomicBoolean();
    private final Map<TriggerId, Published> published = new HashMap<>();
    private volatile @Nullable Supplier<Map<TriggerId, StateBoard.Status>> board;

    /**
     * A publisher that says nothing until it is started.
     *
     * @param heartbeat how often what has not changed is said again
     */
    StatePublisher(
            Producer<byte[], byte[]> producer,
            Destination destination,
            Duration heartbeat,
            TimeSource time) {
        this.heartbeat = heartbeat;
        this.producer = producer;
        this.destination = destination;
        this.time = time;
    }

    /**
     * Where states go.
     *
     * @param serializer knows its schema already, so that no state waits for the registry
     */
    record Destination(String topic, String node, Serializer<TriggerStatus> serializer) {}

    /** What was said last, and when an attempt last ended. */
    private record Published(StateBoard.Status status, long at, @Nullable Instant processedAt) {}

    void start(Supplier<Map<TriggerId, StateBoard.Status>> statuses) {
        board = statuses;
        var _ =
                thread.scheduleWithFixedDelay(
                        this::publish, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Something is new; told soon. */
    void changed() {
        if (due.compareAndSet(false, true)) {
            try {
                thread.execute(this::publish);
            } catch (RejectedExecutionException e) {
                LOG.debug("The node has stopped", e);
            }
        }
    }

    /** Takes back what was said: a node that has stopped in order has nothing to say. */
    @Override
    public void close() {
        board = Map::of;
        changed();
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(CLOSE_TIMEOUT);
    }

    private void publish() {
        due.set(false);
        Supplier<Map<TriggerId, StateBoard.Status>> source = board;
        if (source == null) {
            return;
        }
        try {
            Map<TriggerId, StateBoard.Status> now = source.get();
            now.forEach(this::publishIfDue);
            for (TriggerId gone : new HashSet<>(published.keySet())) {
                if (!now.containsKey(gone)) {
                    published.remove(gone);
                    send(gone, null);
                }
            }
        } catch (RuntimeException e) {
            // An executor would end a repeated task silently.
            LOG.debug("The states of triggers could not be written", e);
        }
    }

    private void publishIfDue(TriggerId id, StateBoard.Status status) {
        Published before = published.get(id);
        long now = time.nanos();
        if (before != null
                && isSame(before.status(), status)
                && now - before.at() < heartbeat.toNanos()) {
            return;
        }
        Instant processedAt = before == null ? null : before.processedAt();
        long attemptsBefore = before == null ? 0 : before.status().figures().attempts();
        if (status.figures().attempts() != attemptsBefore) {
            processedAt = time.now();
        }
        published.put(id, new Published(status, now, processedAt));
        send(id, record(status, processedAt));
    }

    /** Whether nobody need be told at once; counts can wait for the heartbeat. */
    private static boolean isSame(StateBoard.Status before, StateBoard.Status now) {
        return before.state().equals(now.state())
                && before.figures().result().equals(now.figures().result())
                && before.figures().partitions() == now.figures().partitions();
    }

    private TriggerStatus record(StateBoard.Status status, @Nullable Instant processedAt) {
        StateBoard.Figures figures = status.figures();
        return TriggerStatus.newBuilder()
                .setTrigger(status.state().trigger().value())
                .setNode(destination.node())
                .setPhase(status.state().phase().name())
                .setReason(status.state().reason())
                .setSince(status.since())
                .setLastProcessingResult(figures.result())
                .setLastProcessedAt(processedAt)
                .setPartitions(figures.partitions())
                .setSucceeded(figures.succeeded())
                .setDeadLetters(figures.deadLetters())
                .setRetries(figures.retries())
                .setHeartbeatMillis(heartbeat.toMillis())
                .setPublishedAt(time.now())
                .build();
    }

    private void send(TriggerId id, @Nullable TriggerStatus record) {
        String key = id + "@" + destination.node();
        byte[] value =
                record == null
                        ? null
                        : destination.serializer().serialize(destination.topic(), record);
        try {
            var _ =
                    producer.send(
                            new ProducerRecord<>(
                                    destination.topic(),
                                    key.getBytes(StandardCharsets.UTF_8),
                                    value),
                            (_, error) -> {
                                if (error != null) {
                                    LOG.debug("State of {} not written", key, error);
                                }
                            });
        } catch (KafkaException e) {
            LOG.debug("State of {} not written", key, e);
        }
    }
}
