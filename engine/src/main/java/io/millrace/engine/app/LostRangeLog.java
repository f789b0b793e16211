package io.millrace.engine.app;

import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.cluster.KafkaFailures;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.time.TimeSource;
import io.millrace.schemas.LostRange;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.Serializer;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Writes down which events a trigger has lost, before it goes on without them.
 *
 * @param serializer must know its schema already: it runs on stream threads
 */
record LostRangeLog(
        Cluster cluster,
        String topic,
        String node,
        Serializer<LostRange> serializer,
        TimeSource time) {

    /**
     * Returns when the record is safe. A range that is found again after a crash is written again,
     * under the same key.
     *
     * @throws io.millrace.engine.model.MillraceException when it cannot be written
     */
    void write(TriggerId trigger, PartitionId partition, long from, long to) {
        var range =
                new LostRange(
                        trigger.value(),
                        partition.topic(),
                        partition.partition(),
                        from,
                        to,
                        node,
                        time.now());
        String key = trigger + ":" + partition + "-" + from;
        // Rare: a producer of its own is cheaper than one that is always there.
        try (Producer<byte[], byte[]> producer = cluster.producer("millrace-lost-ranges")) {
            RecordMetadata _ =
                    producer.send(
                                    new ProducerRecord<>(
                                            topic,
                                            key.getBytes(StandardCharsets.UTF_8),
                                            serializer.serialize(topic, range)))
                            .get(Cluster.CALL_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw KafkaFailures.of(cluster, "cannot write to topic '" + topic + "'", e);
        } catch (InterruptedException e) {
            throw KafkaFailures.interrupted("cannot write to topic '" + topic + "'");
        }
    }
}
