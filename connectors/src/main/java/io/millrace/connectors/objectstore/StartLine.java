package io.millrace.connectors.objectstore;

import org.apache.kafka.connect.storage.OffsetStorageReader;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * The time from which on objects without a source offset count.
 *
 * <p>With {@code now} it is the store's clock at the first listing, so that the clocks of store and
 * worker need not agree. It outlives a restart from the first event on, because Kafka Connect keeps
 * an offset only together with a record: the event that carries it is the carrier.
 *
 * <p>Threading: the task thread only.
 */
final class StartLine {
    private final Map<String, String> sourcePartition;
    private final boolean carried;
    private Optional<Instant> since;
    private Optional<StoredObject> carrier = Optional.empty();

    private StartLine(Map<String, String> sourcePartition, boolean carried) {
        this.sourcePartition = sourcePartition;
        this.carried = carried;
        this.since = Optional.empty();
    }

    /** Reads what an earlier task stored. */
    static StartLine of(ObjectStoreSourceConfig config, OffsetStorageReader offsets) {
        Map<String, String> partition =
                ObjectStoreOffset.startPartition(config.bucket(), config.prefix());
        StartLine line = new StartLine(partition, config.start() instanceof StartPosition.Now);
        if (config.start() instanceof StartPosition.Since from) {
            line.since = Optional.of(from.time());
        } else if (line.carried) {
            Map<String, Object> stored = offsets.offset(partition);
            if (stored != null) {
                line.since = ObjectStoreOffset.since(stored);
                line.carrier = ObjectStoreOffset.carrier(stored).map(ObjectStoreOffset::object);
            }
        }
        return line;
    }

    /** The store answered at this time; the first answer draws the line of {@code now}. */
    void storeAnswered(Instant time) {
        if (carried && since.isEmpty()) {
            // A store may tell times in whole seconds: what it changed in this second counts.
            since = Optional.of(time.truncatedTo(ChronoUnit.SECONDS));
        }
    }

    /** Whether an object without a source offset was there before the line and is no event. */
    boolean isBehind(StoredObject object) {
        return since.filter(line -> object.lastModified().isBefore(line)).isPresent();
    }

    /** The line, if it still needs an event that carries it; this object becomes the carrier. */
    Optional<Instant> toCarry(StoredObject object) {
        if (!carried || carrier.isPresent()) {
            return Optional.empty();
        }
        carrier = Optional.of(object);
        return since;
    }

    /** Whether the object is, in this very state, what carried the line. */
    boolean isCarrier(StoredObject object) {
        return carrier.filter(object::equals).isPresent();
    }

    /** The object that carried the line, in the state in which it was told of. */
    Optional<StoredObject> carrier() {
        return carrier;
    }

    Map<String, String> sourcePartition() {
        return sourcePartition;
    }

    /** The event that carried the line was dropped: the next one carries it. */
    Optional<StoredObject> dropped() {
        Optional<StoredObject> was = carrier;
        carrier = Optional.empty();
        return was;
    }
}
