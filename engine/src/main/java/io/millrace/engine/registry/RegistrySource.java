package io.millrace.engine.registry;

import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.cluster.KafkaFailures;
import io.millrace.engine.cluster.TopicPartitions;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.TopicNames;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The two registry topics as one stream of records from the beginning.
 *
 * <p>Threading: a session belongs to one thread; {@link #wakeup} may be called by any.
 */
final class RegistrySource {
    private static final int POLLS_WITHOUT_PROGRESS = 300;

    private final Cluster cluster;
    private final TopicNames names;
    private final SchemaRegistryClient schemas;
    private final AtomicReference<@Nullable Session> current = new AtomicReference<>();

    RegistrySource(Cluster cluster, TopicNames names, SchemaRegistryClient schemas) {
        this.cluster = cluster;
        this.names = names;
        this.schemas = schemas;
    }

    Cluster cluster() {
        return cluster;
    }

    /** What cannot be done when something fails. */
    String what() {
        return "cannot read topics '" + names.functions() + "' and '" + names.triggers() + "'";
    }

    Session open() {
        Session session = new Session();
        try {
            session.assign();
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
        return session;
    }

    /** Makes a waiting session throw Kafka's WakeupException. */
    void wakeup() {
        Session session = current.get();
        if (session != null) {
            session.consumer.wakeup();
        }
    }

    /** One reading from the beginning. */
    final class Session implements AutoCloseable {
        private final Consumer<byte[], byte[]> consumer = cluster.consumer("millrace-registry");
        private final RegistryView view = new RegistryView(names, schemas);
        private final Map<TopicPartition, Long> firstEnds = new HashMap<>();
        private boolean changed;
        private int pollsWithoutProgress;

        private Session() {
            current.set(this);
        }

        RegistryView view() {
            return view;
        }

        /** Whether the last poll brought records. */
        boolean hasChanged() {
            return changed;
        }

        /** Applies what comes within the time. */
        void poll(Duration atMost) {
            var records = consumer.poll(atMost);
            changed = !records.isEmpty();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                view.apply(record);
            }
        }

        /** Ends a reading that gets nowhere. */
        void requireProgress() {
            pollsWithoutProgress = changed ? 0 : pollsWithoutProgress + 1;
            if (pollsWithoutProgress > POLLS_WITHOUT_PROGRESS) {
                throw new MillraceException(
                        ErrorCode.UNAVAILABLE,
                        what() + " of Kafka at '" + cluster.bootstrapServers() + "' to their end");
            }
        }

        @Override
        public void close() {
            current.compareAndSet(this, null);
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(5)));
        }

        private void assign() {
            List<TopicPartition> partitions = new ArrayList<>();
            for (String topic : List.of(names.functions(), names.triggers())) {
                partitions.addAll(
                        TopicPartitions.of(consumer, topic).orElseThrow(() -> missing(topic)));
            }
            firstEnds.putAll(writtenEnds(partitions));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            // Asked for together, before the first fetch: a partition that is not part of it would
            // wait until it is over, half a second when the others have nothing.
            partitions.forEach(consumer::position);
        }

        private MillraceException missing(String topic) {
            return new MillraceException(
                    ErrorCode.NOT_FOUND,
                    "topic '"
                            + topic
                            + "' does not exist in Kafka at '"
                            + cluster.bootstrapServers()
                            + "'; start an engine node or deploy a function first");
        }

        /**
         * Whether all that is committed was read; asks the cluster. A commit is acknowledged before
         * it is visible, so everything that was written when the session was opened is waited for,
         * committed or not yet.
         */
        boolean isAtEnd() {
            return isPast(firstEnds) && isPast(consumer.endOffsets(consumer.assignment()));
        }

        private Map<TopicPartition, Long> writtenEnds(List<TopicPartition> partitions) {
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
            Map<TopicPartition, Long> ends = new HashMap<>();
            try (Admin admin = cluster.admin("millrace-registry-ends")) {
                ListOffsetsOptions options =
                        new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED);
                admin.listOffsets(latest, options)
                        .all()
                        .get()
                        .forEach((partition, end) -> ends.put(partition, end.offset()));
                return ends;
            } catch (ExecutionException e) {
                throw KafkaFailures.of(cluster, what(), e);
            } catch (InterruptedException e) {
                throw KafkaFailures.interrupted(what());
            }
        }

        private boolean isPast(Map<TopicPartition, Long> ends) {
            for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
                if (consumer.position(end.getKey()) < end.getValue()) {
                    return false;
                }
            }
            return true;
        }
    }
}
