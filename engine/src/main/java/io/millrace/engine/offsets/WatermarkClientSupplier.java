package io.millrace.engine.offsets;

import io.millrace.engine.time.TimeSource;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives a Kafka Streams application the wrapped main consumer and producer; clients for restoring
 * and administration are plain ones.
 *
 * <p>The wrappers of one stream thread find each other by the name of the thread, which Streams
 * makes part of their client ids. Threading: any thread.
 */
public final class WatermarkClientSupplier implements KafkaClientSupplier {
    private static final String CONSUMER_SUFFIX = "-consumer";
    private static final String PRODUCER_SUFFIX = "-producer";

    private final Map<String, ThreadClients> threads = new ConcurrentHashMap<>();
    private final TimeSource time;
    private final LostRangeListener lostRanges;
    private final CommitPolicy policy;

    public WatermarkClientSupplier(TimeSource time, LostRangeListener lostRanges) {
        this(time, lostRanges, CommitPolicy.WATERMARK);
    }

    /** With another policy than the product's: for measurements only. */
    public WatermarkClientSupplier(
            TimeSource time, LostRangeListener lostRanges, CommitPolicy policy) {
        this.time = time;
        this.lostRanges = lostRanges;
        this.policy = policy;
    }

    public CommitPolicy policy() {
        return policy;
    }

    /** The clients of the stream thread that is calling. */
    public ThreadClients ofCurrentThread() {
        return of(Thread.currentThread().getName());
    }

    /** The application is about to end: its threads must not sleep for long. */
    public void ending() {
        threads.values().forEach(ThreadClients::ending);
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new WatermarkProducer(
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()),
                of(threadName(config, PRODUCER_SUFFIX)));
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        ThreadClients clients = of(threadName(config, CONSUMER_SUFFIX));
        Consumer<byte[], byte[]> consumer = plainConsumer(config);
        clients.consumerCreated(consumer);
        return new WatermarkConsumer(consumer, clients, lostRanges);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return plainConsumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return plainConsumer(config);
    }

    private static Consumer<byte[], byte[]> plainConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(
                config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private ThreadClients of(String threadName) {
        return threads.computeIfAbsent(threadName, name -> new ThreadClients(time, policy));
    }

    private static String threadName(Map<String, Object> config, String suffix) {
        String id = String.valueOf(config.get(CommonClientConfigs.CLIENT_ID_CONFIG));
        if (!id.endsWith(suffix)) {
            throw new IllegalStateException(
                    "client id '" + id + "' does not end in '" + suffix + "'");
        }
        return id.substring(0, id.length() - suffix.length());
    }
}
