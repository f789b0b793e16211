package io.millrace.engine.dev.registry;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.Payload;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Applies the committed records of {@code _schemas} to a state: all of them at the start, then new
 * ones as they come. Threading: one thread of its own applies; any thread may wait for it.
 */
final class SchemaTopicReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaTopicReader.class);
    private static final TopicPartition PARTITION = new TopicPartition(SchemaTopic.NAME, 0);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final long WAIT_SECONDS = 30;
    private static final Duration ASK_AGAIN = Duration.ofMillis(100);
    private static final int MAX_ASKED = 100;

    private final SchemaState state;
    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    private long position;
    private Optional<Throwable> broken = Optional.empty();
    private volatile boolean isClosing;

    /** Takes over the admin client. */
    SchemaTopicReader(Map<String, Object> clientConfig, Admin admin, SchemaState state) {
        this.state = state;
        this.admin = admin;
        Map<String, Object> config = new HashMap<>(clientConfig);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        this.consumer =
                new KafkaConsumer<>(
                        config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.thread =
                Thread.ofPlatform().name("schema-registry-reader").daemon().unstarted(this::run);
    }

    void start() {
        consumer.assign(List.of(PARTITION));
        consumer.seekToBeginning(List.of(PARTITION));
        thread.start();
    }

    /** Waits, at most {@value #WAIT_SECONDS} s, until everything committed by now was applied. */
    void catchUp() {
        awaitPosition(end());
    }

    /** Waits, at most {@value #WAIT_SECONDS} s, until the record at this offset was applied. */
    void awaitApplied(long offset) {
        awaitPosition(offset + 1);
    }

    private void awaitPosition(long end) {
        lock.lock();
        try {
            long nanos = TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
            while (position < end) {
                if (broken.isPresent() || isClosing || nanos <= 0) {
                    throw SchemaTopic.unavailable("read", broken.orElse(null));
                }
                nanos = advanced.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    private long end() {
        for (int asked = 1; ; asked++) {
            try {
                return askForEnd();
            } catch (ExecutionException e) {
                // The topic was made a moment ago, and the broker that answers does not know it
                // yet.
                boolean isNew = e.getCause() instanceof UnknownTopicOrPartitionException;
                if (!isNew || asked == MAX_ASKED) {
                    throw SchemaTopic.unavailable("read", e);
                }
                pause();
            } catch (TimeoutException | KafkaException e) {
                throw SchemaTopic.unavailable("read", e);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    private long askForEnd() throws ExecutionException, TimeoutException, InterruptedException {
        ListOffsetsOptions committed = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
        return admin.listOffsets(Map.of(PARTITION, OffsetSpec.latest()), committed)
                .partitionResult(PARTITION)
                .get(WAIT_SECONDS, TimeUnit.SECONDS)
                .offset();
    }

    private void pause() {
        lock.lock();
        try {
            long nanos = ASK_AGAIN.toNanos();
            while (nanos > 0 && !isClosing) {
                nanos = advanced.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    private static MillraceException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new MillraceException(
                ErrorCode.UNAVAILABLE,
                "interrupted while waiting for topic '" + SchemaTopic.NAME + "'",
                cause);
    }

    private void run() {
        try (consumer) {
            while (!isClosing) {
                consumer.poll(POLL).forEach(this::apply);
                advance(consumer.position(PARTITION));
            }
        } catch (WakeupException e) {
            LOG.debug("The reader of topic '{}' was asked to end", SchemaTopic.NAME, e);
        } catch (KafkaException e) {
            LOG.error("The schema registry lost topic '{}'; restart it", SchemaTopic.NAME, e);
            lose(e);
        }
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) {
        try {
            RegistryRecord.read(Payload.of(record.key()), Payload.of(record.value()))
                    .ifPresent(state::apply);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn(
                    "Offset {} of topic '{}' is no record of a schema registry and is left out;"
                            + " find out who writes there",
                    record.offset(),
                    SchemaTopic.NAME,
                    e);
        }
    }

    private void advance(long to) {
        lock.lock();
        try {
            position = to;
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void lose(Throwable cause) {
        lock.lock();
        try {
            broken = Optional.of(cause);
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        isClosing = true;
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        admin.close(Duration.ofSeconds(1));
    }
}
