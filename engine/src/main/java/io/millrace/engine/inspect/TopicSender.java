package io.millrace.engine.inspect;

import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.cluster.KafkaFailures;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.Payload;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** Writes single records by hand. */
public final class TopicSender {
    private TopicSender() {}

    /**
     * Writes one record and waits until it is acknowledged. A topic that does not exist is not
     * made, whatever the broker would do.
     *
     * @return topic-partition@offset
     */
    public static String send(
            Cluster cluster, String topic, Payload key, Payload value, List<Header> headers) {
        String what = "cannot write to topic '" + topic + "'";
        requireTopic(cluster, topic, what);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, key.orNull(), value.orNull());
        headers.forEach(header -> record.headers().add(header.key(), header.value().orNull()));
        try (Producer<byte[], byte[]> producer = cluster.producer("millrace-send")) {
            RecordMetadata sent = producer.send(record).get();
            return topic + "-" + sent.partition() + "@" + sent.offset();
        } catch (ExecutionException | KafkaException e) {
            throw KafkaFailures.of(cluster, what, e);
        } catch (InterruptedException e) {
            throw KafkaFailures.interrupted(what);
        }
    }

    private static void requireTopic(Cluster cluster, String topic, String what) {
        try (Admin admin = cluster.admin("millrace-send")) {
            var _ = admin.describeTopics(Set.of(topic)).allTopicNames().get();
        } catch (ExecutionException e) {
            throw KafkaFailures.of(cluster, what, e);
        } catch (InterruptedException e) {
            throw KafkaFailures.interrupted(what);
        }
    }
}
