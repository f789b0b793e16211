package io.millrace.engine.inspect;

import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.cluster.KafkaFailures;
import io.millrace.engine.cluster.TopicPartitions;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.time.TimeSource;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Predicate;

/**
 * Reads the committed records of a topic, in the order of each partition.
 *
 * <p>The newest records of all partitions come in the order of their timestamps. Threading: the
 * calling thread; interrupting it ends the reading.
 */
public final class TopicReader {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration STALLED = Duration.ofSeconds(30);
    private static final Comparator<ConsumerRecord<byte[], byte[]>> BY_AGE =
            Comparator.<ConsumerRecord<byte[], byte[]>>comparingLong(ConsumerRecord::timestamp)
                    .thenComparingInt(ConsumerRecord::partition)
                    .thenComparingLong(ConsumerRecord::offset);

    private final Cluster cluster;
    private final TimeSource time;

    public TopicReader(Cluster cluster, TimeSource time) {
        this.cluster = cluster;
        this.time = time;
    }

    /**
     * Reads until the end of the topic, or, when following, until the patience is over.
     *
     * @param each gets every record; returns false to end the reading
     * @throws MillraceException NOT_FOUND if there is no such topic
     */
    public void read(ReadRequest request, Predicate<ConsumerRecord<byte[], byte[]>> each) {
        String what = "cannot read topic '" + request.topic() + "'";
        Consumer<byte[], byte[]> consumer = cluster.consumer("millrace-read");
        try {
            List<TopicPartition> partitions =
                    TopicPartitions.of(consumer, request.topic())
                            .orElseThrow(() -> missing(request.topic()));
            consumer.assign(partitions);
            new Reading(consumer, request, each).run(partitions);
        } catch (KafkaException e) {
            throw KafkaFailures.of(cluster, what, e);
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(5)));
        }
    }

    private MillraceException missing(String topic) {
        return new MillraceException(
                ErrorCode.NOT_FOUND,
                "topic '"
                        + topic
                        + "' does not exist in Kafka at '"
                        + cluster.bootstrapServers()
                        + "'");
    }

    /** One call. */
    private final class Reading {
        private final Consumer<byte[], byte[]> consumer;
        private final ReadRequest request;
        private final Predicate<ConsumerRecord<byte[], byte[]>> each;

        Reading(
                Consumer<byte[], byte[]> consumer,
                ReadRequest request,
                Predicate<ConsumerRecord<byte[], byte[]>> each) {
            this.consumer = consumer;
            this.request = request;
            this.each = each;
        }

        void run(List<TopicPartition> partitions) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            boolean goesOn =
                    switch (request.start()) {
                        case ReadRequest.Start.Beginning _ -> {
                            consumer.seekToBeginning(partitions);
                            yield request.follow() || upTo(ends, each);
                        }
                        case ReadRequest.Start.Now _ -> {
                            ends.forEach(consumer::seek);
                            yield true;
                        }
                        case ReadRequest.Start.Last(int count) -> newest(ends, count);
                    };
            if (goesOn && request.follow()) {
                follow();
            }
        }

        private void follow() {
            long last = time.nanos();
            while (!Thread.currentThread().isInterrupted()) {
                var records = consumer.poll(POLL);
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    if (!each.test(record)) {
                        return;
                    }
                }
                if (!records.isEmpty()) {
                    last = time.nanos();
                } else if (isOver(last)) {
                    return;
                }
            }
        }

        private boolean isOver(long last) {
            return request.patience()
                    .filter(patience -> time.nanos() - last >= patience.toNanos())
                    .isPresent();
        }

        /** Reads up to these offsets. Returns whether the receiver wants more. */
        private boolean upTo(
                Map<TopicPartition, Long> ends,
                Predicate<ConsumerRecord<byte[], byte[]>> receiver) {
            long last = time.nanos();
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                var records = consumer.poll(POLL);
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    TopicPartition partition =
                            new TopicPartition(record.topic(), record.partition());
                    if (record.offset() < ends.getOrDefault(partition, 0L)
                            && !receiver.test(record)) {
                        return false;
                    }
                }
                if (!records.isEmpty()) {
                    last = time.nanos();
                } else if (time.nanos() - last > STALLED.toNanos()) {
                    throw new MillraceException(
                            ErrorCode.UNAVAILABLE,
                            "cannot read topic '"
                                    + request.topic()
                                    + "' of Kafka at '"
                                    + cluster.bootstrapServers()
                                    + "': nothing arrived within "
                                    + STALLED.toSeconds()
                                    + " s");
                }
            }
            return true;
        }

        /**
         * Looks back from the ends until enough records were found: offsets are no count, because
         * compaction and transactions leave gaps.
         */
        private boolean newest(Map<TopicPartition, Long> ends, int count) {
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(ends.keySet());
            long window = count * 2L;
            while (true) {
                boolean isWhole = seekBack(begins, ends, window);
                PriorityQueue<ConsumerRecord<byte[], byte[]>> kept = new PriorityQueue<>(BY_AGE);
                boolean _ =
                        upTo(
                                ends,
                                record -> {
                                    kept.add(record);
                                    if (kept.size() > count) {
                                        kept.remove();
                                    }
                                    return true;
                                });
                if (isWhole || kept.size() >= count) {
                    // What came meanwhile is left for following.
                    ends.forEach(consumer::seek);
                    return hand(kept);
                }
                window *= 8;
            }
        }

        private boolean seekBack(
                Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends, long window) {
            boolean isWhole = true;
            Map<TopicPartition, Long> starts = new HashMap<>();
            for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
                long begin = begins.getOrDefault(end.getKey(), 0L);
                long start = Math.max(begin, end.getValue() - window);
                isWhole &= start == begin;
                starts.put(end.getKey(), start);
            }
            starts.forEach(consumer::seek);
            return isWhole;
        }

        private boolean hand(PriorityQueue<ConsumerRecord<byte[], byte[]>> kept) {
            List<ConsumerRecord<byte[], byte[]>> inOrder = new ArrayList<>(kept);
            inOrder.sort(BY_AGE);
            for (ConsumerRecord<byte[], byte[]> record : inOrder) {
                if (!each.test(record)) {
                    return false;
                }
            }
            return true;
        }
    }
}
