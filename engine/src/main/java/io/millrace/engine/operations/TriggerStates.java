package io.millrace.engine.operations;

import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.cluster.SchemaFailures;
import io.millrace.engine.inspect.ReadRequest;
import io.millrace.engine.inspect.TopicReader;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.TopicNames;
import io.millrace.engine.time.TimeSource;
import io.millrace.schemas.TriggerStatus;
import io.millrace.schemas.registry.AvroDeserializer;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what the nodes have said about their triggers. */
final class TriggerStates {
    private static final Logger LOG = LoggerFactory.getLogger(TriggerStates.class);

    /** Heartbeats a node may miss. */
    private static final int MISSED = 3;

    private final TopicReader reader;
    private final String topic;
    private final AvroDeserializer<TriggerStatus> deserializer;
    private final TimeSource time;

    TriggerStates(
            Cluster cluster, TopicNames names, SchemaRegistryClient schemas, TimeSource time) {
        this.reader = new TopicReader(cluster, time);
        this.topic = names.triggerStates();
        this.deserializer = new AvroDeserializer<>(schemas, TriggerStatus.class);
        this.time = time;
    }

    /** The reports of every trigger, by node; nothing where no engine has ever run. */
    Map<String, List<NodeReport>> read() {
        var latest = new HashMap<String, ConsumerRecord<byte[], byte[]>>();
        try {
            reader.read(
                    new ReadRequest(
                            topic, new ReadRequest.Start.Beginning(), false, Optional.empty()),
                    record -> {
                        keep(latest, record);
                        return true;
                    });
        } catch (MillraceException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return Map.of();
            }
            throw e;
        }
        var reports = new HashMap<String, List<NodeReport>>();
        latest.values().stream()
                .map(this::decode)
                .flatMap(Optional::stream)
                .sorted(Comparator.comparing(TriggerStatus::getNode))
                .forEach(status ->
                        reports.computeIfAbsent(
                                        status.getTrigger(), _ -> new java.util.ArrayList<>())
                                .add(report(status)));
        return reports;
    }

    private static void keep(
            Map<String, ConsumerRecord<byte[], byte[]>> latest,
            ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            return;
        }
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            latest.remove(key);
        } else {
            latest.put(key, record);
        }
    }

    private Optional<TriggerStatus> decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.ofNullable(deserializer.deserialize(topic, record.value()));
        } catch (RegistryException e) {
            throw SchemaFailures.of(e);
        } catch (SerializationException e) {
            LOG.warn("{}-{} at {} cannot be read", topic, record.partition(), record.offset(), e);
            return Optional.empty();
        }
    }

    private NodeReport report(TriggerStatus status) {
        boolean stale =
                status.getPublishedAt()
                        .plusMillis(MISSED * status.getHeartbeatMillis())
                        .isBefore(time.now());
        return new NodeReport(
                status.getNode(),
                status.getPhase(),
                status.getReason(),
                status.getSince(),
                status.getLastProcessingResult(),
                Optional.ofNullable(status.getLastProcessedAt()),
                status.getPartitions(),
                status.getPublishedAt(),
                stale);
    }
}
