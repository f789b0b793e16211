package io.millrace.engine.dev.registry;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Writes to {@code _schemas}, as one of possibly several registries.
 *
 * <p>All registries of a cluster write with one transactional id: who starts to write fences the
 * others and then reads to the end. As long as a commit succeeds, nobody else has written since, so
 * the state the change was decided on was the newest. No election is needed, and no two registries
 * can give one id to two schemas. Threading: any thread; changes are made one after another.
 */
final class SchemaTopic implements AutoCloseable {
    static final String NAME = "_schemas";

    private static final Logger LOG = LoggerFactory.getLogger(SchemaTopic.class);
    private static final String WRITER = "millrace-schema-registry";
    private static final int MAX_FENCED = 20;
    private static final int WAIT_MILLIS = 15_000;

    private final Map<String, Object> producerConfig;
    private final SchemaTopicReader reader;
    private final RandomGenerator random;
    private final CountDownLatch closing = new CountDownLatch(1);
    private Optional<KafkaProducer<byte[], byte[]>> writer = Optional.empty();

    SchemaTopic(
            Map<String, Object> clientConfig, SchemaTopicReader reader, RandomGenerator random) {
        this.reader = reader;
        this.random = random;
        Map<String, Object> config = new HashMap<>(clientConfig);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, WRITER);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, WAIT_MILLIS);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, WAIT_MILLIS);
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, WAIT_MILLIS);
        this.producerConfig = config;
    }

    /** Waits until everything that is committed now was applied. */
    void catchUp() {
        try {
            reader.catchUp();
        } catch (MillraceException e) {
            throw ProtocolException.storeFailed(e.text());
        }
    }

    /**
     * Writes what the decision asks for and waits until it was read back. The decision may be asked
     * several times, each time on a newer state.
     */
    synchronized void change(Supplier<List<RegistryRecord>> decision) {
        try {
            for (int i = 0; i < MAX_FENCED; i++) {
                if (changed(decision)) {
                    return;
                }
                giveWay(i);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProtocolException.storeFailed("interrupted");
        } catch (KafkaException | MillraceException e) {
            // Whether it was committed is unknown: the next writer reads to the end before it acts.
            drop();
            LOG.warn("The schema registry cannot write to topic '{}'; check the broker", NAME, e);
            throw ProtocolException.storeFailed("cannot write to topic '" + NAME + "'");
        }
        throw ProtocolException.storeFailed("other registries write at the same time; try again");
    }

    private boolean changed(Supplier<List<RegistryRecord>> decision) {
        try {
            KafkaProducer<byte[], byte[]> producer = writer();
            List<RegistryRecord> records = decision.get();
            if (!records.isEmpty()) {
                reader.awaitApplied(commit(producer, records));
            }
            return true;
        } catch (KafkaException e) {
            if (!isFenced(e)) {
                throw e;
            }
            LOG.debug("Another schema registry writes to topic '{}' too", NAME, e);
            drop();
            return false;
        }
    }

    /** The broker tells a fenced writer directly, or as the cause of a failed send or commit. */
    private static boolean isFenced(KafkaException failure) {
        for (Throwable it = failure; it != null; it = it.getCause()) {
            if (it instanceof ProducerFencedException
                    || it instanceof InvalidProducerEpochException
                    || it instanceof InvalidPidMappingException) {
                return true;
            }
        }
        return false;
    }

    /** A random wait, so that two writers do not fence each other for ever; closing ends it. */
    private void giveWay(int attempt) throws InterruptedException {
        if (closing.await(random.nextLong(20L * (attempt + 1)), TimeUnit.MILLISECONDS)) {
            throw ProtocolException.storeFailed("the registry is closing");
        }
    }

    private KafkaProducer<byte[], byte[]> writer() {
        if (writer.isEmpty()) {
            KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(
                            producerConfig, new ByteArraySerializer(), new ByteArraySerializer());
            writer = Optional.of(producer);
            producer.initTransactions();
            reader.catchUp();
        }
        return writer.get();
    }

    /**
     * Writes all records or none and gives the offset of the last one. A commit returns before its
     * end can be read by others, so the end of the topic says nothing yet about these records.
     */
    private static long commit(
            KafkaProducer<byte[], byte[]> producer, List<RegistryRecord> records) {
        producer.beginTransaction();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (RegistryRecord it : records) {
            sent.add(
                    producer.send(
                            new ProducerRecord<>(NAME, 0, it.key().orNull(), it.value().orNull())));
        }
        producer.commitTransaction();
        // The commit succeeded, so every send did.
        return sent.getLast().resultNow().offset();
    }

    private void drop() {
        writer.ifPresent(producer -> producer.close(Duration.ZERO));
        writer = Optional.empty();
    }

    @Override
    public void close() {
        closing.countDown();
        synchronized (this) {
            drop();
        }
        reader.close();
    }

    /** A broker that does not answer, told in one line. */
    static MillraceException unavailable(String what, @Nullable Throwable cause) {
        return new MillraceException(
                ErrorCode.UNAVAILABLE,
                "the schema registry cannot "
                        + what
                        + " topic '"
                        + NAME
                        + "'; check that the broker runs and is reachable",
                cause);
    }
}
