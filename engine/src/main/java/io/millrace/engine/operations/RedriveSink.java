package io.millrace.engine.operations;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.offsets.ScatteredProgress;
import io.millrace.engine.time.TimeSource;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Where redriven events go. One thread. */
sealed interface RedriveSink {
    /** Sends it when it is due; commits what came before if that would have to wait for long. */
    void send(
            DeadLetter letter, OptionalInt partition, Map<TopicPartition, ScatteredProgress> done);

    /** The progress of this partition has changed. */
    void touched(TopicPartition partition);

    /** Commits what was sent, together with the progress. */
    void flush(Map<TopicPartition, ScatteredProgress> done);

    /** A dry run. */
    record Nowhere() implements RedriveSink {
        @Override
        public void send(
                DeadLetter letter,
                OptionalInt partition,
                Map<TopicPartition, ScatteredProgress> done) {}

        @Override
        public void touched(TopicPartition partition) {}

        @Override
        public void flush(Map<TopicPartition, ScatteredProgress> done) {}
    }

    /** The source topics, in transactions. */
    final class Source implements RedriveSink, AutoCloseable {
        private static final Logger LOG = LoggerFactory.getLogger(Source.class);
        private static final Duration CLOSE = Duration.ofSeconds(10);
        private static final Duration LONG_WAIT = Duration.ofMillis(200);
        private static final Duration MAX_OPEN = Duration.ofSeconds(5);

        private final Producer<byte[], byte[]> producer;
        private final ConsumerGroupMetadata group;
        private final Pace pace;
        private final TimeSource time;
        private final Set<TopicPartition> touched = new HashSet<>();
        private boolean open;
        private long openedAt;

        Source(
                Producer<byte[], byte[]> producer,
                ConsumerGroupMetadata group,
                Pace pace,
                TimeSource time) {
            this.producer = producer;
            this.group = group;
            this.pace = pace;
            this.time = time;
            // Ends what a redrive before this one has left open, before its progress is read.
            producer.initTransactions();
        }

        @Override
        public void send(
                DeadLetter letter,
                OptionalInt partition,
                Map<TopicPartition, ScatteredProgress> done) {
            if (open
                    && (pace.waitNanos() > LONG_WAIT.toNanos()
                            || time.nanos() - openedAt > MAX_OPEN.toNanos())) {
                flush(done);
            }
            pace.await();
            if (!open) {
                producer.beginTransaction();
                open = true;
                openedAt = time.nanos();
            }
            var record =
                    new ProducerRecord<>(
                            letter.source().orElseThrow().partition().topic(),
                            partition.isPresent() ? partition.getAsInt() : null,
                            letter.record().key(),
                            letter.record().value(),
                            letter.redrivenHeaders());
            // A failure of any send comes back from the commit.
            var _ = producer.send(record);
        }

        @Override
        public void touched(TopicPartition partition) {
            touched.add(partition);
        }

        @Override
        public void flush(Map<TopicPartition, ScatteredProgress> done) {
            if (!open) {
                return;
            }
            var progress = new HashMap<TopicPartition, OffsetAndMetadata>();
            done.forEach((partition, set) -> {
                if (touched.contains(partition)) {
                    progress.put(partition, committed(partition, set));
                }
            });
            producer.sendOffsetsToTransaction(progress, group);
            producer.commitTransaction();
            open = false;
            touched.clear();
        }

        private static OffsetAndMetadata committed(
                TopicPartition partition, ScatteredProgress set) {
            String metadata =
                    set.metadata()
                            .orElseThrow(() ->
                                    new MillraceException(
                                            ErrorCode.FAILED,
                                            "the redriven letters of '"
                                                    + partition
                                                    + "' lie too scattered to be kept apart from"
                                                    + " those left out; redrive the ones left out"
                                                    + " first, beginning at offset "
                                                    + set.mark()));
            return new OffsetAndMetadata(set.mark(), metadata);
        }

        @Override
        public void close() {
            try {
                if (open) {
                    producer.abortTransaction();
                }
            } catch (KafkaException e) {
                // The next redrive, or the broker after the transaction's timeout, ends it.
                LOG.debug("not aborted", e);
            } finally {
                producer.close(CLOSE);
            }
        }
    }
}
