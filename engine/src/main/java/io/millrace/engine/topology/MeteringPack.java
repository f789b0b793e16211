package io.millrace.engine.topology;

import io.millrace.engine.model.MeteringLine;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.offsets.CommitAttachment;
import io.millrace.schemas.AttemptOutcome;
import io.millrace.schemas.MeteringEntry;
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
    private List<MeteringLine> lines = new ArrayList<>();

    MeteringPack(Destination destination, Trigger trigger, PartitionId partition) {
        this.destination = destination;
        this.trigger = trigger;
        this.partition = partition;
    }

    /**
     * Where metering records go.
     *
     * @param topic empty where nothing is metered: for measurements only
     * @param serializer must not ask the schema registry: it runs on the stream thread
     */
    record Destination(String topic, String node, Serializer<MeteringRecord> serializer) {}

    void add(MeteringLine line) {
        if (!destination.topic().isEmpty()) {
            lines.add(line);
        }
    }

    @Override
    public List<ProducerRecord<byte[], byte[]>> drain() {
        List<MeteringLine> drained = lines;
        lines = new ArrayList<>();
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int from = 0; from < drained.size(); from += MAX_ENTRIES) {
            int to = Math.min(drained.size(), from + MAX_ENTRIES);
            records.add(record(drained.subList(from, to)));
        }
        return records;
    }

    private ProducerRecord<byte[], byte[]> record(List<MeteringLine> entries) {
        var value =
                new PackedMetering(
                        trigger.id().value(),
                        partition.topic(),
                        partition.partition(),
                        destination.node(),
                        entries.stream().map(MeteringPack::entry).toList());
        return new ProducerRecord<>(
                destination.topic(),
                trigger.function().value().getBytes(StandardCharsets.UTF_8),
                destination.serializer().serialize(destination.topic(), value));
    }

    private static MeteringEntry entry(MeteringLine line) {
        return new MeteringEntry(
                line.requestId().value(),
                line.function().name().value(),
                line.function().version(),
                line.firstOffset(),
                line.lastOffset(),
                line.events(),
                line.attempt(),
                line.startedAt(),
                line.duration().toNanos(),
                line.billedMillis(),
                line.function().memoryMb(),
                0L,
                AttemptOutcome.valueOf(line.outcome()));
    }
}
