package io.millrace.engine.simulation;

import io.millrace.engine.delivery.ParkedEvent;
import io.millrace.engine.delivery.ParkingStore;
import io.millrace.engine.delivery.PartitionWindow;
import io.millrace.engine.lane.Progress;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.offsets.SimulatedBroker;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.nio.charset.StandardCharsets;
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
    private static final String WINDOW = "window";
    private static final int DELETED = -1;

    private final PartitionId partition;
    private final Plan plan;
    private final WrittenValues values;
    private final Consumer<ProducerRecord<byte[], byte[]>> changelog;
    private final TreeMap<Long, ParkedEvent> entries = new TreeMap<>();
    private Optional<PartitionWindow> window;

    /**
     * @param values what was ever put by any process; records hold their places
     */
    SimulatedStore(
            PartitionId partition,
            Plan plan,
            WrittenValues values,
            SimulatedBroker broker,
            Consumer<ProducerRecord<byte[], byte[]>> changelog) {
        this.partition = partition;
        this.plan = plan;
        this.values = values;
        this.changelog = changelog;
        entries.putAll(committed(partition, values, broker));
        window = restored(committedWindow(partition, values, broker));
    }

    /** What a restored store of this partition holds. */
    static Map<Long, ParkedEvent> committed(
            PartitionId partition, WrittenValues values, SimulatedBroker broker) {
        var committed = new TreeMap<Long, ParkedEvent>();
        for (ProducerRecord<byte[], byte[]> record : broker.committed()) {
            if (!record.topic().equals(CHANGELOG)) {
                continue;
            }
            String[] parts = new String(record.value(), StandardCharsets.UTF_8).split("/", -1);
            if (Integer.parseInt(parts[0]) != partition.partition() || parts[1].equals(WINDOW)) {
                continue;
            }
            int place = Integer.parseInt(parts[2]);
            if (place == DELETED) {
                committed.remove(Long.valueOf(parts[1]));
            } else {
                committed.put(Long.valueOf(parts[1]), values.parked().get(place));
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
        values.parked().add(entry);
        log(Long.toString(offset), values.parked().size() - 1);
    }

    @Override
    public void delete(long offset) {
        entries.remove(offset);
        if (plan.mutant() != Mutant.PARKED_NOT_DELETED) {
            log(Long.toString(offset), DELETED);
        }
    }

    @Override
    public Optional<PartitionWindow> window() {
        return window;
    }

    @Override
    public void putWindow(PartitionWindow present) {
        window = Optional.of(present);
        values.apart().put(partition, present);
        values.windows().add(present);
        if (plan.mutant() != Mutant.WINDOW_STATE_APART) {
            log(WINDOW, values.windows().size() - 1);
        }
    }

    /** What a new owner makes of it. */
    private Optional<PartitionWindow> restored(Optional<PartitionWindow> committed) {
        return switch (plan.mutant()) {
            case WINDOW_STATE_APART -> Optional.ofNullable(values.apart().get(partition));
            case WINDOW_DROPPED ->
                    committed.map(there -> new PartitionWindow(there.floor(), Optional.empty()));
            case WINDOW_REOPENED ->
                    committed.map(there -> new PartitionWindow(Long.MIN_VALUE, there.open()));
            case WINDOW_ATTEMPTS_FORGOTTEN ->
                    committed.map(there ->
                            new PartitionWindow(
                                    there.floor(), there.open().map(SimulatedStore::fresh)));
            default -> committed;
        };
    }

    private static PartitionWindow.Open fresh(PartitionWindow.Open open) {
        return new PartitionWindow.Open(
                open.start(),
                open.end(),
                open.state(),
                open.contents(),
                open.lineage(),
                open.closing()
                        .map(closing ->
                                new PartitionWindow.Closing(
                                        closing.early(), closing.since(), Progress.NONE, 0)));
    }

    /** The window a restored store of this partition holds. */
    static Optional<PartitionWindow> committedWindow(
            PartitionId partition, WrittenValues values, SimulatedBroker broker) {
        Optional<PartitionWindow> found = Optional.empty();
        String own = partition.partition() + "/" + WINDOW + "/";
        for (ProducerRecord<byte[], byte[]> record : broker.committed()) {
            String text = new String(record.value(), StandardCharsets.UTF_8);
            if (record.topic().equals(CHANGELOG) && text.startsWith(own)) {
                int place = Integer.parseInt(text.substring(own.length()));
                found = Optional.of(values.windows().get(place));
            }
        }
        return found;
    }

    private void log(String key, int place) {
        String text = partition.partition() + "/" + key + "/" + place;
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
