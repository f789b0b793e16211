package io.millrace.engine.artifacts;

import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.cluster.KafkaFailures;
import io.millrace.engine.cluster.TopicPartitions;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.time.TimeSource;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One pass over the code topic, from the beginning to the end or until what was looked for is
 * complete.
 *
 * <p>Ends with an error when nothing arrives for {@link #PATIENCE}. Threading: the calling thread.
 */
final class CodeTopicScan {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Cluster cluster;
    private final String topic;
    private final TimeSource time;

    CodeTopicScan(Cluster cluster, String topic, TimeSource time) {
        this.cluster = cluster;
        this.topic = topic;
        this.time = time;
    }

    /** What looks for the parts of one package. Later parts replace earlier ones of their name. */
    interface Collector {
        void chunk(int number, Optional<byte[]> bytes);

        void manifest(Optional<ArtifactFormat.Manifest> manifest);

        boolean isComplete();
    }

    void run(String sha256, Collector collector) {
        String what = "cannot read code from topic '" + topic + "'";
        Consumer<byte[], byte[]> consumer = cluster.consumer("millrace-code");
        try {
            List<TopicPartition> partitions =
                    TopicPartitions.of(consumer, topic).orElseThrow(() -> missing(what));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            scan(consumer, sha256, collector);
        } catch (KafkaException e) {
            throw KafkaFailures.of(cluster, what, e);
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(5)));
        }
    }

    private MillraceException missing(String what) {
        return new MillraceException(
                ErrorCode.NOT_FOUND,
                what
                        + ": it does not exist in Kafka at '"
                        + cluster.bootstrapServers()
                        + "'; deploy the function first");
    }

    private void scan(Consumer<byte[], byte[]> consumer, String sha256, Collector collector) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        long last = time.nanos();
        while (!collector.isComplete() && !isPast(consumer, ends)) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(200));
            records.forEach(record -> offer(record, sha256, collector));
            if (!records.isEmpty()) {
                last = time.nanos();
            } else if (time.nanos() - last > PATIENCE.toNanos()) {
                throw new MillraceException(
                        ErrorCode.UNAVAILABLE,
                        "cannot read code from topic '"
                                + topic
                                + "' of Kafka at '"
                                + cluster.bootstrapServers()
                                + "': nothing arrived within "
                                + PATIENCE.toSeconds()
                                + " s");
            }
        }
    }

    private static boolean isPast(
            Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private static void offer(
            ConsumerRecord<byte[], byte[]> record, String sha256, Collector collector) {
        Optional<byte[]> value = Optional.ofNullable(record.value());
        ArtifactFormat.part(record, sha256)
                .ifPresent(part -> {
                    switch (part) {
                        case ArtifactFormat.Part.Chunk(int number) ->
                                collector.chunk(number, value);
                        case ArtifactFormat.Part.ManifestPart _ ->
                                collector.manifest(value.flatMap(ArtifactFormat::manifest));
                    }
                });
    }
}
