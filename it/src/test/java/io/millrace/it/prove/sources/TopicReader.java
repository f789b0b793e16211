package io.millrace.it.prove.sources;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.millrace.engine.cluster.Cluster;
import io.millrace.schemas.registry.AvroDeserializer;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * What committed records a topic has, followed from its start. Threading: one thread.
 *
 * <p>Records of an open transaction are not there yet: what was written before it is.
 */
public final class TopicReader implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String topic;
    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final SchemaRegistryClient registry;
    private final AvroDeserializer<Object> avro;
    private final List<TopicRecord> records = new ArrayList<>();

    private TopicReader(
            String topic, Consumer<byte[], byte[]> consumer, SchemaRegistryClient registry) {
        this.topic = topic;
        this.consumer = consumer;
        this.registry = registry;
        this.avro = new AvroDeserializer<>(registry);
        this.partitions =
                consumer.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    static TopicReader open(Cluster cluster, String registryUrl, String topic) {
        return new TopicReader(
                topic,
                cluster.consumer("prove-reader-" + topic),
                cluster.schemaRegistry(registryUrl));
    }

    /** Reads on to the end and gives everything so far: by partition in order of offsets. */
    public List<TopicRecord> toEnd() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
            consumer.poll(Duration.ofMillis(100)).forEach(one -> records.add(TopicRecord.of(one)));
        }
        return Collections.unmodifiableList(records);
    }

    /** How many records there are by now. */
    public long count() {
        return toEnd().size();
    }

    /** A value that the Avro converter wrote, as a generic Avro value. */
    public Object avro(TopicRecord record) {
        Object value = avro.deserialize(topic, record.value().bytes());
        if (value == null) {
            throw new IllegalArgumentException("record " + record.offset() + " has no value");
        }
        return value;
    }

    /** A value that the JSON converter wrote. */
    public static JsonNode json(TopicRecord record) {
        try {
            return JSON.readTree(record.value().bytes());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + record.value().text(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        consumer.close();
        registry.close();
    }
}
