package io.millrace.connectors.objectstore;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Notifications that a store puts on a topic.
 *
 * <p>The positions are source offsets of Kafka Connect, stored in the same transaction as the
 * events, and nowhere else: no consumer group. The source partition is {topic, partition}, the
 * source offset {offset, index}: of the message at that offset everything up to the index is told
 * of. Only committed messages are read.
 *
 * <p>At a start it reads some messages before the stored position again, which are told of already,
 * to know the last sequencers.
 */
final class KafkaNotifications implements NotificationTransport {
    static final String TOPIC = "topic";
    static final String PARTITION = "partition";
    static final String OFFSET = "offset";
    static final String INDEX = "index";

    private static final Logger LOG = LoggerFactory.getLogger(KafkaNotifications.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LOOK_FOR_PARTITIONS = Duration.ofMinutes(1);

    private record Position(long offset, int index) {}

    private final NotificationConfig config;
    private final Consumer<byte[], byte[]> consumer;
    private final OffsetStorageReader offsets;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<TopicPartition, Optional<Position>> positions = new HashMap<>();
    private Instant nextLook = Instant.MIN;
    private boolean closed;

    KafkaNotifications(
            NotificationConfig config,
            Consumer<byte[], byte[]> consumer,
            OffsetStorageReader offsets,
            InstantSource clock) {
        this.config = config;
        this.consumer = consumer;
        this.offsets = offsets;
        this.clock = clock;
    }

    @Override
    public List<IncomingMessage> receive(Duration wait) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return closed ? List.of() : poll(wait);
        } catch (WakeupException e) {
            LOG.debug("The wait for notifications was ended", e);
            return List.of();
        } catch (OffsetOutOfRangeException e) {
            LOG.warn(
                    "Topic '{}' no longer holds the notifications at {}: those up to its oldest"
                            + " message are lost, for example by its retention time",
                    config.kafkaTopic(),
                    e.offsetOutOfRangePartitions());
            consumer.seekToBeginning(e.offsetOutOfRangePartitions().keySet());
            return List.of();
        } catch (AuthenticationException | AuthorizationException | InvalidTopicException e) {
            throw StoreException.lasting(
                    "The notifications in topic '"
                            + config.kafkaTopic()
                            + "' cannot be read: "
                            + e.getMessage(),
                    NotificationConfig.KAFKA_TOPIC,
                    e);
        } catch (KafkaException e) {
            throw StoreException.passing(
                    "The notifications in topic '"
                            + config.kafkaTopic()
                            + "' cannot be read at the moment: "
                            + e.getMessage(),
                    e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Place place(IncomingMessage message, int index, boolean isLast) {
        Map<String, Object> offset = new LinkedHashMap<>();
        offset.put(OFFSET, message.position());
        offset.put(INDEX, (long) index);
        return new Place(
                partition(config.kafkaTopic(), message.name()),
                Collections.unmodifiableMap(offset));
    }

    @Override
    public boolean isRepeat(IncomingMessage message) {
        // A position is never read twice.
        return false;
    }

    @Override
    public void close() {
        consumer.wakeup();
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
            }
        } finally {
            lock.unlock();
        }
    }

    /** What is wrong with a pair that an operator wants to set; empty if nothing is. */
    static Optional<String> fault(Map<String, ?> partition, Map<String, ?> offset) {
        return partition.get(TOPIC) instanceof String
                        && partition.get(PARTITION) instanceof String number
                        && number.matches("\\d{1,9}")
                        && position(offset).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "it needs texts 'topic' and 'partition' in the source partition and"
                                + " numbers 'offset' and 'index' in the source offset");
    }

    private List<IncomingMessage> poll(Duration wait) {
        if (!clock.instant().isBefore(nextLook)) {
            assign();
            nextLook = clock.instant().plus(LOOK_FOR_PARTITIONS);
        }
        List<IncomingMessage> messages = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
            Optional<Position> stored =
                    positions.getOrDefault(
                            new TopicPartition(record.topic(), record.partition()),
                            Optional.empty());
            int toldUpTo =
                    stored.filter(position -> record.offset() <= position.offset())
                            .map(position ->
                                    record.offset() < position.offset()
                                            ? Integer.MAX_VALUE
                                            : position.index())
                            .orElse(IncomingMessage.NONE);
            messages.add(
                    new IncomingMessage(
                            record.value() == null ? new byte[0] : record.value(),
                            Integer.toString(record.partition()),
                            record.offset(),
                            toldUpTo,
                            () -> {}));
        }
        return messages;
    }

    private void assign() {
        List<PartitionInfo> found = consumer.partitionsFor(config.kafkaTopic(), PATIENCE);
        if (found == null || found.isEmpty()) {
            throw new KafkaException("the topic does not exist");
        }
        boolean isFirst = positions.isEmpty();
        List<TopicPartition> added =
                found.stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .filter(partition -> !positions.containsKey(partition))
                        .toList();
        if (added.isEmpty()) {
            return;
        }
        List<TopicPartition> all = new ArrayList<>(positions.keySet());
        all.addAll(added);
        consumer.assign(all);
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(added, PATIENCE);
        Map<TopicPartition, Long> ends = consumer.endOffsets(added, PATIENCE);
        for (TopicPartition partition : added) {
            Optional<Position> stored = stored(partition);
            long beginning = beginnings.getOrDefault(partition, 0L);
            // A partition that was added while this task ran is news as a whole.
            long fresh =
                    isFirst && config.kafkaFromEnd()
                            ? ends.getOrDefault(partition, beginning)
                            : beginning;
            long from =
                    stored.map(position ->
                                    position.offset() + 1 < beginning
                                            // Found out of range by the broker, and told of.
                                            ? position.offset()
                                            : Math.max(
                                                    beginning,
                                                    position.offset() - config.sequencerWindow()))
                            .orElse(fresh);
            consumer.seek(partition, from);
            positions.put(partition, stored);
        }
    }

    private Optional<Position> stored(TopicPartition partition) {
        Map<String, Object> offset =
                offsets.offset(
                        partition(partition.topic(), Integer.toString(partition.partition())));
        return offset == null ? Optional.empty() : position(offset);
    }

    private static Optional<Position> position(Map<String, ?> offset) {
        return offset.get(OFFSET) instanceof Number at && offset.get(INDEX) instanceof Number index
                ? Optional.of(new Position(at.longValue(), index.intValue()))
                : Optional.empty();
    }

    private static Map<String, String> partition(String topic, String partition) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(TOPIC, topic);
        fields.put(PARTITION, partition);
        return Collections.unmodifiableMap(fields);
    }
}
