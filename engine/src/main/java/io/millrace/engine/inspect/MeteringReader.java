package io.millrace.engine.inspect;

import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.cluster.SchemaFailures;
import io.millrace.engine.model.TopicNames;
import io.millrace.engine.time.TimeSource;
import io.millrace.schemas.MeteringEntry;
import io.millrace.schemas.MeteringRecord;
import io.millrace.schemas.registry.AvroDeserializer;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * Reads the metering topic and unpacks its records into attempts. A record that cannot be
 * understood is told to the log and passed over. Threading: the calling thread.
 */
public final class MeteringReader {
    private static final Logger LOG = LoggerFactory.getLogger(MeteringReader.class);

    private final TopicReader topics;
    private final String topic;
    private final AvroDeserializer<MeteringRecord> deserializer;

    public MeteringReader(
            Cluster cluster, TopicNames names, SchemaRegistryClient schemas, TimeSource time) {
        this.topics = new TopicReader(cluster, time);
        this.topic = names.metering();
        this.deserializer = new AvroDeserializer<>(schemas, MeteringRecord.class);
    }

    /** Everything that is kept in the topic now, added up. */
    public MeteringTotals totals() {
        AtomicReference<MeteringTotals> sum = new AtomicReference<>(MeteringTotals.ZERO);
        read(
                new ReadRequest.Start.Beginning(),
                attempt -> {
                    sum.set(sum.get().plus(attempt));
                    return true;
                });
        return sum.get();
    }

    /** Reads to the end of the topic. */
    public void read(ReadRequest.Start start, Predicate<MeteredAttempt> each) {
        read(new ReadRequest(topic, start, false, Optional.empty()), each);
    }

    /**
     * Goes on with what comes later.
     *
     * @param patience how long to wait for the next record; without it for ever
     * @param each gets every attempt; returns false to end the reading
     */
    public void follow(
            ReadRequest.Start start, Optional<Duration> patience, Predicate<MeteredAttempt> each) {
        read(new ReadRequest(topic, start, true, patience), each);
    }

    private void read(ReadRequest request, Predicate<MeteredAttempt> each) {
        try {
            topics.read(request, record -> unpack(record, each));
        } catch (RegistryException e) {
            throw SchemaFailures.of(e);
        }
    }

    private boolean unpack(ConsumerRecord<byte[], byte[]> record, Predicate<MeteredAttempt> each) {
        MeteringRecord packed;
        try {
            packed = deserializer.deserialize(record.topic(), record.value());
        } catch (RegistryException e) {
            if (e.kind() == RegistryException.Kind.UNAVAILABLE
                    || e.kind() == RegistryException.Kind.DENIED) {
                throw e;
            }
            return passOver(record, e);
        } catch (SerializationException e) {
            return passOver(record, e);
        }
        if (packed == null) {
            return true;
        }
        for (MeteringEntry entry : packed.getEntries()) {
            if (!each.test(MeteredAttempt.of(packed, entry))) {
                return false;
            }
        }
        return true;
    }

    private static boolean passOver(ConsumerRecord<byte[], byte[]> record, RuntimeException e) {
        LOG.warn(
                "passed over record {}-{}@{}: {}",
                record.topic(),
                record.partition(),
                record.offset(),
                e.getMessage());
        return true;
    }
}
