package io.millrace.it.prove.chaos;

import io.millrace.engine.time.TimeSource;
import io.millrace.it.prove.chaos.ChaosHistory.Sample;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads the committed offsets of some groups ten times a second, on a thread of its own. Threading:
 * any thread.
 */
final class Sampler implements AutoCloseable {
    private static final long EVERY_MS = 100;
    private static final long ANSWER_S = 5;

    private final Admin admin;
    private final List<String> groups;
    private final TimeSource time;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private final List<Sample> samples = new ArrayList<>();
    private final Map<String, OffsetAndMetadata> last = new HashMap<>();

    Sampler(Admin admin, List<String> groups, TimeSource time) {
        this.admin = admin;
        this.groups = List.copyOf(groups);
        this.time = time;
        this.thread = Thread.ofPlatform().daemon().name("sampler").start(this::run);
    }

    List<Sample> samples() {
        synchronized (samples) {
            return List.copyOf(samples);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closing.await(EVERY_MS, TimeUnit.MILLISECONDS)) {
                for (String group : groups) {
                    sample(group);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sample(String group) throws InterruptedException {
        Map<org.apache.kafka.common.TopicPartition, OffsetAndMetadata> found;
        try {
            found =
                    admin.listConsumerGroupOffsets(group)
                            .partitionsToOffsetAndMetadata()
                            .get(ANSWER_S, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException _) {
            // The broker is away; it is asked again soon.
            return;
        }
        long now = time.nanos();
        synchronized (samples) {
            found.forEach((partition, offset) -> {
                if (offset != null && !offset.equals(last.put(partition.toString(), offset))) {
                    samples.add(
                            new Sample(
                                    now, partition.toString(), offset.offset(), offset.metadata()));
                }
            });
        }
    }
}
