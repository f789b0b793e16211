package io.millrace.it.prove.chaos;

import io.millrace.it.prove.chaos.ChaosHistory.Sent;
import io.millrace.it.prove.chaos.Workload.Event;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;

/**
 * Sends the events of a workload on a thread of its own, so many that there is always a backlog,
 * and keeps what the broker answered for each. Threading: any thread.
 */
final class Generator implements AutoCloseable {
    private static final int DELIVERY_TIMEOUT_MS = 120_000;
    private static final long PAUSE_NANOS = 1_000_000;

    private final Workload workload;
    private final ToLongFunction<String> decided;
    private final Producer<byte[], byte[]> producer;
    private final Thread thread;
    private final Map<String, Sent> sent = new HashMap<>();
    private final List<String> order = new ArrayList<>();
    private final Map<String, Long> acknowledged = new HashMap<>();
    private final AtomicLong next = new AtomicLong();
    private volatile boolean stopping;

    /**
     * Makes it; {@link #start} starts it.
     *
     * @param decided how many events of a topic have an outcome
     */
    Generator(String bootstrapServers, Workload workload, ToLongFunction<String> decided) {
        this.workload = workload;
        this.decided = decided;
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "client.id",
                                "generator-" + workload.topic(),
                                "acks",
                                "all",
                                "enable.idempotence",
                                true,
                                "linger.ms",
                                2,
                                "max.request.size",
                                8 * 1024 * 1024,
                                "max.block.ms",
                                DELIVERY_TIMEOUT_MS,
                                "delivery.timeout.ms",
                                DELIVERY_TIMEOUT_MS,
                                "reconnect.backoff.max.ms",
                                200),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        this.thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("generator-" + workload.topic())
                        .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Sends nothing more by itself, and waits until the broker has answered for everything. */
    void stop() throws InterruptedException {
        stopping = true;
        thread.join();
        producer.flush();
    }

    /** Sends so many probes and waits until the broker has them. */
    void probe(int count) {
        for (int i = 0; i < count; i++) {
            send(workload.probe(next.getAndIncrement()));
        }
        producer.flush();
    }

    /** Acknowledged so far, by partition. */
    Map<String, Long> acknowledged() {
        synchronized (sent) {
            return new HashMap<>(acknowledged);
        }
    }

    long acknowledgedInAll() {
        return acknowledged().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Acknowledged events that have no outcome yet. */
    long backlog() {
        return acknowledgedInAll() - decided.applyAsLong(workload.topic());
    }

    /** Everything that was handed to the producer, in that order. */
    List<Sent> history() {
        synchronized (sent) {
            return order.stream()
                    .map(id -> sent.getOrDefault(id, new Sent(id, Kind.PLAIN, "")))
                    .toList();
        }
    }

    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
        producer.close(java.time.Duration.ofSeconds(2));
    }

    private void run() {
        while (!stopping) {
            if (next.get() - decided.applyAsLong(workload.topic()) < workload.backlog()) {
                send(workload.event(next.getAndIncrement()));
            } else {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void send(Event event) {
        synchronized (sent) {
            order.add(event.id());
            sent.put(event.id(), new Sent(event.id(), event.kind(), ""));
        }
        var _ =
                producer.send(
                        event.record(),
                        (metadata, failure) -> {
                            if (failure == null) {
                                String partition = metadata.topic() + "-" + metadata.partition();
                                synchronized (sent) {
                                    sent.put(
                                            event.id(),
                                            new Sent(
                                                    event.id(),
                                                    event.kind(),
                                                    partition + "-" + metadata.offset()));
                                    acknowledged.merge(partition, 1L, Long::sum);
                                }
                            }
                        });
    }
}
