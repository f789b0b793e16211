package io.millrace.engine.offsets;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.PartitionId;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The main consumer of a stream thread: opens an epoch where Streams reads a committed offset,
 * keeps partitions paused that back-pressure has blocked, and ends a poll when a report arrives.
 *
 * <p>Threading: StreamThread only.
 */
final class WatermarkConsumer extends ForwardingConsumer {
    private static final Duration OFFSETS_PATIENCE = Duration.ofSeconds(10);

    /** A poll that brings fewer has waited for them. */
    private static final int FEW = 32;

    private final ThreadClients clients;
    private final LostRangeListener lostRanges;
    private final CommitPlan plan;

    WatermarkConsumer(
            Consumer<byte[], byte[]> delegate,
            ThreadClients clients,
            LostRangeListener lostRanges) {
        super(delegate);
        this.clients = clients;
        this.lostRanges = lostRanges;
        this.plan = new CommitPlan(clients, CommitFailedException::new);
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        super.subscribe(topics, drainingWhereAsked(listener));
    }

    @Override
    public void subscribe(Pattern pattern, ConsumerRebalanceListener listener) {
        super.subscribe(pattern, drainingWhereAsked(listener));
    }

    private ConsumerRebalanceListener drainingWhereAsked(ConsumerRebalanceListener listener) {
        return clients.policy() == CommitPolicy.BARRIER
                ? new CommitBarrierListener(listener, clients)
                : listener;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        applyGate();
        PollWaker waker = clients.waker();
        waker.enter();
        try {
            // Asked after entering: a report that arrives later finds the poll and wakes it.
            return waitFor(clients.pollTimeout(timeout));
        } catch (WakeupException e) {
            // Positions move only when records are returned, so nothing is lost.
            return ConsumerRecords.empty();
        } catch (OffsetOutOfRangeException e) {
            passLostRanges(e);
            return ConsumerRecords.empty();
        } finally {
            waker.leave();
        }
    }

    private ConsumerRecords<byte[], byte[]> waitFor(Duration timeout) {
        long start = clients.nanos();
        int found = 0;
        try {
            ConsumerRecords<byte[], byte[]> records = delegate.poll(timeout);
            found = records.count();
            return records;
        } finally {
            if (found < FEW && !timeout.isZero()) {
                clients.idled(clients.nanos() - start);
            }
        }
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        return openEpochs(super.committed(partitions));
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(
            Set<TopicPartition> partitions, Duration timeout) {
        return openEpochs(super.committed(partitions, timeout));
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        commit(offsets, super::commitSync);
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        commit(offsets, replaced -> super.commitSync(replaced, timeout));
    }

    /** Without transactions Streams commits here, after it has flushed its producer. */
    private void commit(
            Map<TopicPartition, OffsetAndMetadata> offsets,
            java.util.function.Consumer<Map<TopicPartition, OffsetAndMetadata>> how) {
        String poison = clients.poisoned();
        if (poison != null) {
            // Streams rebuilds all tasks of the thread from what is committed.
            clients.cleared();
            throw new CommitFailedException(poison);
        }
        long start = clients.nanos();
        clients.flushAttachments();
        Map<TopicPartition, OffsetAndMetadata> replaced = plan.replace(offsets, false);
        try {
            if (!replaced.isEmpty()) {
                how.accept(replaced);
            }
        } catch (RuntimeException e) {
            plan.dropped();
            throw e;
        }
        plan.committed();
        clients.committed(clients.nanos() - start);
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        clients.gate().pausedByStreams(ids(partitions));
        super.pause(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        PartitionGate gate = clients.gate();
        gate.resumedByStreams(ids(partitions));
        super.resume(partitions.stream().filter(p -> !gate.isClosed(id(p))).toList());
    }

    private Map<TopicPartition, OffsetAndMetadata> openEpochs(
            Map<TopicPartition, OffsetAndMetadata> committed) {
        var forStreams = new HashMap<TopicPartition, OffsetAndMetadata>(committed);
        for (Map.Entry<TopicPartition, OffsetAndMetadata> entry : committed.entrySet()) {
            OffsetAndMetadata value = entry.getValue();
            if (value == null) {
                continue;
            }
            PartitionId partition = id(entry.getKey());
            FinishedSet recovered = OffsetCodec.decode(partition, value.offset(), value.metadata());
            clients.open(new PartitionEpoch(partition, recovered, clients.policy()));
            forStreams.put(
                    entry.getKey(),
                    new OffsetAndMetadata(
                            value.offset(),
                            value.leaderEpoch(),
                            OffsetCodec.streamsText(value.metadata())));
        }
        return forStreams;
    }

    /**
     * The log begins above a position: what lies between is gone. It is told, and only then the
     * partition goes on at its beginning; what is in flight of it comes to its end as usual.
     */
    private void passLostRanges(OffsetOutOfRangeException e) {
        Map<TopicPartition, Long> positions = e.offsetOutOfRangePartitions();
        Map<TopicPartition, Long> begins = beginningOffsets(positions.keySet(), OFFSETS_PATIENCE);
        Map<TopicPartition, Long> ends = endOffsets(positions.keySet(), OFFSETS_PATIENCE);
        positions.forEach((partition, position) -> {
            long begin = begins.getOrDefault(partition, position);
            if (position < begin) {
                passLostRange(partition, position, begin);
                return;
            }
            long end = ends.getOrDefault(partition, position);
            if (position > end) {
                throw new MillraceException(
                        ErrorCode.FAILED,
                        "partition '"
                                + id(partition)
                                + "' ends at offset "
                                + end
                                + " but was read up to "
                                + position
                                + ": the topic was made anew or has lost records",
                        e);
            }
            throw e;
        });
    }

    private void passLostRange(TopicPartition partition, long position, long begin) {
        PartitionEpoch epoch = clients.epoch(id(partition));
        long from = epoch == null ? position : epoch.tracker().firstUnseen(position);
        if (from < begin) {
            lostRanges.lost(id(partition), from, begin);
        }
        // What Streams has buffered is still to come; behind it the gap counts as finished.
        seek(partition, begin);
    }

    private void applyGate() {
        Set<TopicPartition> assigned = assignment();
        PartitionGate gate = clients.gate();
        gate.retain(assigned.stream().map(WatermarkConsumer::id).collect(Collectors.toSet()));
        Set<TopicPartition> paused = paused();
        List<TopicPartition> toPause = new ArrayList<>();
        List<TopicPartition> toResume = new ArrayList<>();
        for (TopicPartition partition : assigned) {
            boolean closed = gate.isClosed(id(partition));
            if (closed && !paused.contains(partition)) {
                toPause.add(partition);
            } else if (!closed && paused.contains(partition)) {
                toResume.add(partition);
            }
        }
        if (!toPause.isEmpty()) {
            super.pause(toPause);
        }
        if (!toResume.isEmpty()) {
            super.resume(toResume);
        }
    }

    private static List<PartitionId> ids(Collection<TopicPartition> partitions) {
        return partitions.stream().map(WatermarkConsumer::id).toList();
    }

    static PartitionId id(TopicPartition partition) {
        return new PartitionId(partition.topic(), partition.partition());
    }
}
