package io.millrace.engine.simulation;

import io.millrace.engine.delivery.ParkedEvent;
import io.millrace.engine.delivery.ParkingStore;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.offsets.SimulatedBroker;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A parking store whose changelog is written in the transaction of its thread; a new one is
 * restored from what is committed.
 */
final class SimulatedStore implements ParkingStore {
    static final String CHANGELOG = "changelog";
    private static final int DELETED = -1;

    private final PartitionId partition;
    private final Plan plan;
    private final List<ParkedEvent> values;
    private final Consumer<ProducerRecord<byte[], byte[]>> changelog;
    private final TreeMap<Long, ParkedEvent> entries = new TreeMap<>();

    /**
     * @param values what was ever put by any process; records hold their places
     */
    SimulatedStore(
            PartitionId partition,
            Plan plan,
            List<ParkedEvent> values,
            SimulatedBroker broker,
            Consumer<ProducerRecord<byte[], byte[]>> changelog) {
        this.partition = partition;
        this.plan = plan;
        this.values = values;
        this.changelog = changelog;
        entries.putAll(committed(partition, values, broker));
    }

    /** What a restored store of this partition holds. */
    static Map<Long, ParkedEvent> committed(
            PartitionId partition, List<ParkedEvent> values, SimulatedBroker broker) {
        var committed = new TreeMap<Long, ParkedEvent>();
        for (ProducerRecord<byte[], byte[]> record : broker.committed()) {
            if (!record.topic().equals(CHANGELOG)) {
                continue;
            }
            String[] parts = new String(record.value(), StandardCharsets.UTF_8).split("/", -1);
            if (Integer.parseInt(parts[0]) != partition.partition()) {
                continue;
            }
            int place = Integer.parseInt(parts[2]);
            if (place == DELETED) {
                committed.remove(Long.valueOf(parts[1]));
            } else {
                committed.put(Long.valueOf(parts[1]), values.get(place));
            }
        }
        return committed;
    }

    @Override
    public void put(long offset, ParkedEvent entry) {
        if (plan.mutant() == Mutant.NOTES_FORGOTTEN && entry.event().isEmpty()) {
            return;
        }
        entries.put(offset, entry);
        values.add(entry);
        log(offset, values.size() - 1);
    }

    @Override
    public void delete(long offset) {
        entries.remove(offset);
        if (plan.mutant() != Mutant.PARKED_NOT_DELETED) {
            log(offset, DELETED);
        }
    }

    private void log(long offset, int place) {
        String text = partition.partition() + "/" + offset + "/" + place;
        changelog.accept(new ProducerRecord<>(CHANGELOG, text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public Optional<ParkedEvent> get(long offset) {
        return Optional.ofNullable(entries.get(offset));
    }

    @Override
    public void forEach(BiConsumer<Long, ParkedEvent> reader) {
        new TreeMap<>(entries).forEach(reader);
    }
}
