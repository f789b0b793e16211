package io.millrace.bench.run;

import io.millrace.bench.load.EventBytes;
import io.millrace.bench.load.Recipe;
import io.millrace.engine.time.TimeSource;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Sends the events of a recipe, on a schedule that waits for nobody. */
final class Sender {
    /** All at once. */
    static final int AT_ONCE = Integer.MAX_VALUE;

    private final String bootstrapServers;
    private final TimeSource time;
    private volatile long sent;
    private volatile boolean stopped;

    Sender(String bootstrapServers, TimeSource time) {
        this.bootstrapServers = bootstrapServers;
        this.time = time;
    }

    /** Sends all of them, and returns when that is done or {@link #stop} was called. */
    long send(String topic, Recipe recipe, int perSecond) {
        Map<String, Object> settings =
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        0);
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            int _ = producer.partitionsFor(topic).size();
            long start = time.nanos();
            double interval = perSecond == AT_ONCE ? 0 : 1e9 / perSecond;
            recipe.forEach((ordinal, key, sequence, partition, _) -> {
                long due = start + (long) (ordinal * interval);
                if (!stopped && waitUntil(due)) {
                    byte[] value = EventBytes.value(recipe.bytes(), ordinal, key, sequence, due);
                    var _ =
                            producer.send(
                                    new ProducerRecord<>(
                                            topic, partition, EventBytes.key(key), value));
                    sent = ordinal + 1;
                }
            });
            return start;
        }
    }

    private boolean waitUntil(long due) {
        long left = due - time.nanos();
        while (left > 0 && !stopped) {
            LockSupport.parkNanos(left);
            left = due - time.nanos();
        }
        return !stopped;
    }

    /** Events so far. */
    long sent() {
        return sent;
    }

    /** Sends nothing more. */
    void stop() {
        stopped = true;
    }
}
