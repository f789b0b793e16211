package io.millrace.connectors.objectstore;

import io.millrace.connectors.PluginVersion;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
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

    private static final Duration SHORT_WAIT = Duration.ofMillis(20);

    private final InstantSource clock;
    private final Function<ObjectStoreSourceConfig, ObjectLister> listers;
    private final ChunkLimits limits;
    private final Pause pause;
    private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Run run;

    /** For the worker. */
    public ObjectStoreSourceTask() {
        this(InstantSource.system(), S3ObjectLister::of, ChunkLimits.STANDARD);
    }

    ObjectStoreSourceTask(
            InstantSource clock,
            Function<ObjectStoreSourceConfig, ObjectLister> listers,
            ChunkLimits limits) {
        this.clock = clock;
        this.listers = listers;
        this.limits = limits;
        this.pause = new Pause(clock);
    }

    @Override
    public String version() {
        return PluginVersion.get();
    }

    @Override
    public void start(Map<String, String> properties) {
        ObjectStoreSourceConfig config = ObjectStoreSourceConfig.of(properties);
        StoredState stored = StoredState.read(config, context.offsetStorageReader());
        StartLine line = new StartLine(config.start(), stored.since());
        KnownObjects known = new KnownObjects(limits, stored.chunks());
        ObjectChanges changes = new ObjectChanges(config, known, line);
        ObjectLister lister = listers.apply(config);
        run =
                new Run(
                        config,
                        lister,
                        changes,
                        new BucketPass(
                                config, lister, changes, line, clock, firstLook(config, stored)),
                        new ObjectStoreEventMapper(config),
                        new Outage(
                                config.storeName(), config.outageTimeout(), config.pollInterval()),
                        ObjectStoreMetrics.of(context, known::size));
        LOG.info(
                "Listing bucket '{}' of '{}' every {}; {} objects are known",
                config.bucket(),
                config.storeName(),
                config.pollInterval(),
                known.size());
    }

    @Override
    public @Nullable List<SourceRecord> poll() throws InterruptedException {
        Run current = run;
        if (current == null || !pause.await()) {
            return null;
        }
        for (Acknowledged each = acknowledged.poll(); each != null; each = acknowledged.poll()) {
            current.changes.acknowledged(each.sourcePartition, each.delivered);
        }
        try {
            List<SourceRecord> records = step(current);
            return records.isEmpty() ? null : records;
        } catch (StoreException e) {
            if (!pause.isStopped()) {
                current.metrics.failed();
                pause.untilAfter(current.outage.pauseAfter(e, pause.now()));
            }
            return null;
        }
    }

    @Override
    public void commitRecord(SourceRecord record, @Nullable RecordMetadata metadata) {
        // No metadata: a transform or errors.tolerance=all dropped it.
        acknowledged.add(new Acknowledged(record.sourcePartition(), metadata != null));
    }

    @Override
    public void stop() {
        pause.stop();
        Run current = run;
        if (current != null) {
            current.lister.close();
            current.metrics.close();
        }
    }

    private Consumer<List<StoredObject>> firstLook(
            ObjectStoreSourceConfig config, StoredState stored) {
        return objects -> {
            if (stored.chunks().isEmpty()) {
                StoredState.refuseOneOffsetPerObject(
                        config.bucket(), objects, context.offsetStorageReader());
            }
        };
    }

    private List<SourceRecord> step(Run current) {
        List<ObjectChange> changes = current.pass.step();
        current.outage.end();
        if (current.pass.isAtEnd()) {
            Duration took = Duration.between(current.pass.startedAt(), pause.now());
            current.metrics.listed(took);
            pause.untilAfter(current.config.pollInterval().minus(took));
        }
        if (current.pass.isWaiting() && changes.isEmpty()) {
            pause.untilAfter(SHORT_WAIT);
        }
        changes.forEach(change -> current.metrics.told(change.kind()));
        return changes.stream().map(current.mapper::record).toList();
    }

    private record Acknowledged(Map<String, ?> sourcePartition, boolean delivered) {}

    /** What a started task has. */
    private record Run(
            ObjectStoreSourceConfig config,
            ObjectLister lister,
            ObjectChanges changes,
            BucketPass pass,
            ObjectStoreEventMapper mapper,
            Outage outage,
            ObjectStoreMetrics metrics) {}
}
