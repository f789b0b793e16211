package io.millrace.engine.operations;

import io.millrace.engine.cluster.KafkaFailures;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets time pass; an interrupt ends it, and the operation. */
final class Pause {
    private Pause() {}

    static void of(Duration time) {
        try {
            boolean _ = new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw KafkaFailures.interrupted("waiting");
        }
    }
}
