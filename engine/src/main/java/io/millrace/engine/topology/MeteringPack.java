package io.millrace.engine.topology;

import io.millrace.engine.model.MeteringLine;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.offsets.CommitAttachment;
import io.millrace.schemas.MeteringRecord;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers the metering lines of one partition and packs them into one record per commit, so that an
 * event that succeeds at once costs no record but its own outputs.
 *
 * <p>Threading: StreamThread only.
 */
final class MeteringPack implements CommitAttachment {
    /** Keeps a record well below Kafka's default limit of 1 MiB. */
    private static final int MAX_ENTRIES = 2_000;

    private final Destination destination;
    private final Trigger trigger;
    private final PartitionId partition;
    private final List<PackedMetering> full = new ArrayList<>();
    private PackedMetering current;

    MeteringPack(Destination destination, Trigger trigger, PartitionId partition) {
        this.destination = destination;
        this.trigger = trigger;
        this.partition = partition;
        this.current = begin();
    }

    /**
     * Where metering records go.
     *
     * @param topic empty where nothing is metered: for measurements only
     * @param serializer must not ask the schema registry: it runs on the stream thread
     */
    record Destination(String topic, String node, Serializer<MeteringRecord> serializer) {}

    private PackedMetering begin() {
        return new PackedMetering(
                trigger.id().value(), partition.topic(), partition.partition(), destination.node());
    }

    void add(MeteringLine line) {
        if (destination.topic().isEmpty()) {
            return;
        }
        current.add(line);
        if (current.entries() == MAX_ENTRIES) {
            full.add(current);
            current = begin();
        }
    }

    @Override
    public List<ProducerRecord<byte[], byte[]>> drain() {
        if (current.entries() > 0) {
            full.add(current);
            current = begin();
        }
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>(full.size());
        for (PackedMetering packed : full) {
            records.add(
                    new ProducerRecord<>(
                            destination.topic(),
                            trigger.function().value().getBytes(StandardCharsets.UTF_8),
                            destination.serializer().serialize(destination.topic(), packed)));
        }
        full.clear();
        return records;
    }
}
