package io.millrace.engine.operations;

import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.cluster.KafkaFailures;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.TopicNames;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.offsets.ScatteredProgress;
import io.millrace.engine.time.TimeSource;

import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sends dead letters to their source topic again.
 *
 * <ul>
 *   <li>Which letters were redriven is kept in the offsets of a group of the trigger's own, in the
 *       transaction of the events that were sent: a crash neither loses nor repeats one, and a
 *       later redrive leaves them out.
 *   <li>What came after the start is left for the next redrive: what fails again does not go round.
 *   <li>Of two redrives of a trigger the later one goes on, and the earlier one ends.
 * </ul>
 */
final class Redrive {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration STALLED = Duration.ofSeconds(30);
    private static final Duration TELL = Duration.ofSeconds(2);

    private final RegistryChange registry;
    private final SourceOffsets offsets;
    private final Cluster cluster;
    private final TopicNames names;
    private final TimeSource time;

    Redrive(
            RegistryChange registry,
            SourceOffsets offsets,
            Cluster cluster,
            TopicNames names,
            TimeSource time) {
        this.registry = registry;
        this.offsets = offsets;
        this.cluster = cluster;
        this.names = names;
        this.time = time;
    }

    /** Counts, and changes nothing. */
    RedriveReport plan(TriggerId id, RedriveRequest request, Progress progress) {
        Trigger trigger = registry.find(id);
        try (Consumer<byte[], byte[]> consumer = cluster.consumer("millrace-redrive")) {
            return scan(trigger, request, new RedriveSink.Nowhere(), consumer, progress);
        } catch (KafkaException e) {
            throw brokenOff(id, e);
        }
    }

    RedriveReport run(TriggerId id, RedriveRequest request, Progress progress) {
        Trigger trigger = registry.find(id);
        String group = names.redriveGroup(id);
        try (Consumer<byte[], byte[]> consumer = cluster.consumer("millrace-redrive", group);
                var sink =
                        new RedriveSink.Source(
                                cluster.transactionalProducer("millrace-redrive", group),
                                consumer.groupMetadata(),
                                new Pace(request.eventsPerSecond(), time),
                                time)) {
            return scan(trigger, request, sink, consumer, progress);
        } catch (KafkaException e) {
            throw brokenOff(id, e);
        }
    }

    private MillraceException brokenOff(TriggerId id, KafkaException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException
                    || cause instanceof InvalidProducerEpochException) {
                return new MillraceException(
                        ErrorCode.IN_USE,
                        "another redrive of trigger '"
                                + id
                                + "' went ahead; what this one had not finished is left to it",
                        e);
            }
        }
        return KafkaFailures.of(
                cluster, "redrive of trigger '" + id + "' broken off, run it again;", e);
    }

    private RedriveReport scan(
            Trigger trigger,
            RedriveRequest request,
            RedriveSink sink,
            Consumer<byte[], byte[]> consumer,
            Progress progress) {
        String topic = trigger.destinations().deadLetters();
        List<TopicPartition> partitions = offsets.partitions(topic);
        Map<TopicPartition, ScatteredProgress> done = done(trigger, partitions);
        Map<TopicPartition, Long> ends = offsets.at(partitions, OffsetSpec.latest());
        var count = new RedriveCount(trigger, request, offsets);
        var next = new HashMap<TopicPartition, Long>();
        consumer.assign(partitions);
        done.forEach((partition, set) -> {
            consumer.seek(partition, set.mark());
            next.put(partition, set.mark());
        });
        long last = time.nanos();
        long told = last;
        while (!isAtEnd(consumer, ends)) {
            var records = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> record : records) {
                var partition = new TopicPartition(record.topic(), record.partition());
                if (record.offset() < ends.getOrDefault(partition, 0L)) {
                    // Gaps are no letters; without them the set stays small.
                    progress(done, partition)
                            .add(next.getOrDefault(partition, record.offset()), record.offset());
                    next.put(partition, record.offset() + 1);
                    handle(new DeadLetter(record), partition, done, count, sink);
                }
            }
            sink.flush(done);
            long now = time.nanos();
            if (!records.isEmpty()) {
                last = now;
            } else if (now - last > STALLED.toNanos()) {
                throw stalled(topic);
            }
            if (now - told > TELL.toNanos()) {
                told = now;
                progress.tell(count.line());
            }
        }
        sink.flush(done);
        return count.report();
    }

    private static MillraceException stalled(String topic) {
        return new MillraceException(
                ErrorCode.UNAVAILABLE,
                "cannot read topic '"
                        + topic
                        + "': nothing arrived within "
                        + STALLED.toSeconds()
                        + " s; what was redriven is kept, run it again");
    }

    private static void handle(
            DeadLetter letter,
            TopicPartition partition,
            Map<TopicPartition, ScatteredProgress> done,
            RedriveCount count,
            RedriveSink sink) {
        ScatteredProgress set = progress(done, partition);
        long offset = letter.record().offset();
        if (set.contains(offset)) {
            return;
        }
        switch (count.judge(letter)) {
            case FOREIGN -> set.add(offset);
            case LEFT -> {}
            case REDRIVE -> {
                sink.send(letter, count.targetPartition(letter), done);
                set.add(offset);
                sink.touched(partition);
            }
        }
    }

    private static ScatteredProgress progress(
            Map<TopicPartition, ScatteredProgress> done, TopicPartition partition) {
        return Optional.ofNullable(done.get(partition)).orElseThrow();
    }

    private static boolean isAtEnd(
            Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private Map<TopicPartition, ScatteredProgress> done(
            Trigger trigger, List<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                offsets.committed(names.redriveGroup(trigger.id()), partitions);
        Map<TopicPartition, Long> begins = offsets.at(partitions, OffsetSpec.earliest());
        var done = new HashMap<TopicPartition, ScatteredProgress>();
        for (TopicPartition partition : partitions) {
            long begin = begins.getOrDefault(partition, 0L);
            OffsetAndMetadata offset = committed.get(partition);
            ScatteredProgress set =
                    offset == null
                            ? ScatteredProgress.from(begin)
                            : ScatteredProgress.of(
                                    new PartitionId(partition.topic(), partition.partition()),
                                    offset.offset(),
                                    offset.metadata());
            set.add(0, begin);
            done.put(partition, set);
        }
        return done;
    }
}
