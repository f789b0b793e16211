package io.millrace.engine.registry;

import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.cluster.KafkaFailures;
import io.millrace.engine.cluster.SchemaFailures;
import io.millrace.engine.model.TopicNames;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.time.TimeSource;
import io.millrace.schemas.registry.AvroSerializer;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The only writer of the functions and triggers topics.
 *
 * <ul>
 *   <li>What one call writes becomes visible together or not at all: one Kafka transaction.
 *   <li>All publishers of a cluster share one transactional id. The newer one fences the older, so
 *       that two deployments never mix, and what a crashed one left open blocks no reader.
 *   <li>A call may be repeated.
 * </ul>
 *
 * <p>The code of a function must be in the code topic before the function is published. Threading:
 * one thread.
 */
public final class RegistryPublisher implements AutoCloseable {
    private final Cluster cluster;
    private final TopicNames names;
    private final AvroSerializer<SpecificRecord> serializer;
    private final TimeSource time;
    private final Producer<byte[], byte[]> producer;
    private boolean initialized;

    /** Connects; no call is made before the first publication. */
    public RegistryPublisher(
            Cluster cluster, TopicNames names, SchemaRegistryClient schemas, TimeSource time) {
        this.cluster = cluster;
        this.names = names;
        this.serializer = new AvroSerializer<>(schemas);
        this.time = time;
        this.producer =
                cluster.transactionalProducer(
                        "millrace-registry-publisher", names.prefix() + "registry");
    }

    /**
     * Takes the right to publish: a publication of another publisher that has not been committed by
     * now fails, and so does the next one of this publisher when another has claimed the right
     * meanwhile. What is read after this and published changed is not read too early.
     */
    public void claim() {
        try {
            initialize();
        } catch (KafkaException e) {
            throw KafkaFailures.of(cluster, "cannot write to topic '" + names.triggers() + "'", e);
        }
    }

    /** Publishes a trigger whose function is published already. */
    public void update(Trigger trigger) {
        try {
            SpecificRecord value = RegistryCodec.encode(trigger, time.now());
            publish(List.of(record(names.triggers(), trigger.id().value(), value)));
        } catch (RegistryException e) {
            throw SchemaFailures.of(e);
        }
    }

    private void initialize() {
        if (!initialized) {
            producer.initTransactions();
            initialized = true;
        }
    }

    /** Publishes functions with their triggers; what has the same key before is replaced. */
    public void deploy(Collection<Deployment> deployments) {
        Instant now = time.now();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        try {
            for (Deployment deployment : deployments) {
                FunctionKey key = FunctionKey.of(deployment.function());
                SpecificRecord value = RegistryCodec.encode(deployment, now);
                records.add(record(names.functions(), key.toString(), value));
            }
            for (Deployment deployment : deployments) {
                for (Trigger trigger : deployment.triggers()) {
                    SpecificRecord value = RegistryCodec.encode(trigger, now);
                    records.add(record(names.triggers(), trigger.id().value(), value));
                }
            }
        } catch (RegistryException e) {
            throw SchemaFailures.of(e);
        }
        publish(records);
    }

    /** Removes functions and triggers; what is not there is passed over. */
    public void remove(Collection<FunctionKey> functions, Collection<TriggerId> triggers) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (TriggerId trigger : triggers) {
            records.add(tombstone(names.triggers(), trigger.value()));
        }
        for (FunctionKey function : functions) {
            records.add(tombstone(names.functions(), function.toString()));
        }
        publish(records);
    }

    @Override
    public void close() {
        producer.close(Cluster.CALL_TIMEOUT);
    }

    private void publish(List<ProducerRecord<byte[], byte[]>> records) {
        if (records.isEmpty()) {
            return;
        }
        String what =
                "cannot write to topics '" + names.functions() + "' and '" + names.triggers() + "'";
        try {
            initialize();
            producer.beginTransaction();
            for (ProducerRecord<byte[], byte[]> record : records) {
                // A failure of any send comes back from the commit.
                var _ = producer.send(record);
            }
            producer.commitTransaction();
        } catch (KafkaException e) {
            abort(e);
            throw KafkaFailures.of(cluster, what, e);
        }
    }

    private void abort(KafkaException error) {
        if (!initialized || error instanceof ProducerFencedException) {
            return;
        }
        try {
            producer.abortTransaction();
        } catch (KafkaException e) {
            // The next publisher, or the broker after the transaction's timeout, ends it.
            error.addSuppressed(e);
        }
    }

    private ProducerRecord<byte[], byte[]> record(String topic, String key, SpecificRecord value) {
        return new ProducerRecord<>(
                topic, key.getBytes(StandardCharsets.UTF_8), serializer.serialize(topic, value));
    }

    private static ProducerRecord<byte[], byte[]> tombstone(String topic, String key) {
        return new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), null);
    }
}
