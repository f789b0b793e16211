package io.millrace.connectors.objectstore;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/**
 * Lists the bucket page by page and returns what changed.
 *
 * <ul>
 *   <li>One poll is one page at most, so that with exactly-once support one transaction is a page.
 *   <li>A poll waits one second at most: the worker pauses and stops a task between two polls. A
 *       {@code stop} from another thread ends the wait at once.
 *   <li>A store that does not answer is asked again with a growing pause, and the listing goes on
 *       where it was; a store that refuses fails the task with a sentence.
 * </ul>
 *
 * <p>Threading: the worker's task thread; {@code stop} and {@code commitRecord} from any thread.
 */
public final class ObjectStoreSourceTask extends SourceTask {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectStoreSourceTask.class);

    private final Function<ObjectStoreSourceConfig, ObjectLister> listers;
    private final Pause pause;
    private final Queue<Map<String, ?>> dropped = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Run run;

    /** For the worker. */
    public ObjectStoreSourceTask() {
        this(InstantSource.system(), S3ObjectLister::of);
    }

    ObjectStoreSourceTask(
            InstantSource clock, Function<ObjectStoreSourceConfig, ObjectLister> listers) {
        this.listers = listers;
        this.pause = new Pause(clock);
    }

    @Override
    public String version() {
        return ConnectorVersion.get();
    }

    @Override
    public void start(Map<String, String> properties) {
        ObjectStoreSourceConfig config = ObjectStoreSourceConfig.of(properties);
        StartLine line = StartLine.of(config, context.offsetStorageReader());
        run =
                new Run(
                        config,
                        listers.apply(config),
                        line,
                        new ObjectChanges(config, context.offsetStorageReader(), line),
                        new ObjectStoreEventMapper(config),
                        new Outage(config));
        LOG.info(
                "Listing bucket '{}' of '{}' every {}",
                config.bucket(),
                config.storeName(),
                config.pollInterval());
    }

    @Override
    public @Nullable List<SourceRecord> poll() throws InterruptedException {
        Run current = run;
        if (current == null || !pause.await()) {
            return null;
        }
        for (Map<String, ?> each = dropped.poll(); each != null; each = dropped.poll()) {
            current.changes.dropped(each);
        }
        if (current.changes.isFull()) {
            current.changes.settle();
            if (current.changes.isFull()) {
                pause.untilAfter(Pause.LONGEST_WAIT);
                return null;
            }
        }
        try {
            List<SourceRecord> records = page(current);
            return records.isEmpty() ? null : records;
        } catch (StoreException e) {
            if (!pause.isStopped()) {
                pause.untilAfter(current.outage.pauseAfter(e, pause.now()));
            }
            return null;
        }
    }

    @Override
    public void commitRecord(SourceRecord record, @Nullable RecordMetadata metadata) {
        // No metadata: a transform or errors.tolerance=all dropped it.
        if (metadata == null) {
            dropped.add(record.sourcePartition());
        }
    }

    @Override
    public void stop() {
        pause.stop();
        Run current = run;
        if (current != null) {
            current.lister.close();
        }
    }

    private List<SourceRecord> page(Run current) {
        Instant startedAt = pause.now();
        if (current.place.isEmpty()) {
            current.listingStartedAt = startedAt;
        }
        ListedPage page = current.lister.list(current.place);
        current.outage.end();
        current.line.storeAnswered(page.storeTime().orElse(startedAt));
        List<SourceRecord> records =
                current
                        .changes
                        .among(page.objects().stream().filter(current::isWanted).toList())
                        .stream()
                        .map(current.mapper::record)
                        .toList();
        current.place = page.next();
        if (current.place.isEmpty()) {
            current.changes.endListing();
            pause.untilAfter(
                    current.config
                            .pollInterval()
                            .minus(Duration.between(current.listingStartedAt, pause.now())));
        }
        return records;
    }

    /** What a started task has. */
    private static final class Run {
        private final ObjectStoreSourceConfig config;
        private final ObjectLister lister;
        private final StartLine line;
        private final ObjectChanges changes;
        private final ObjectStoreEventMapper mapper;
        private final Outage outage;
        private Optional<String> place = Optional.empty();
        private Instant listingStartedAt = Instant.EPOCH;

        Run(
                ObjectStoreSourceConfig config,
                ObjectLister lister,
                StartLine line,
                ObjectChanges changes,
                ObjectStoreEventMapper mapper,
                Outage outage) {
            this.config = config;
            this.lister = lister;
            this.line = line;
            this.changes = changes;
            this.mapper = mapper;
            this.outage = outage;
        }

        boolean isWanted(StoredObject object) {
            return (config.directories() || !object.isDirectoryMarker())
                    && (config.suffixes().isEmpty()
                            || config.suffixes().stream().anyMatch(object.key()::endsWith));
        }
    }
}
