package io.millrace.connectors.queue;

import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What every task of a queue connector does: it reads its queues in turn.
 *
 * <p>One poll is one transaction of an exactly-once worker. It waits a quarter of a second at most.
 * Threading: the worker's task thread; {@code commitRecord} and {@code commit} from any thread.
 *
 * @param <R> receipt of a message
 */
public final class QueueTask<R> {
    private static final Logger LOG = LoggerFactory.getLogger(QueueTask.class);
    private static final Duration LONGEST_WAIT = Duration.ofMillis(250);

    private final InstantSource clock;
    private volatile Map<String, QueueReader<R>> readers = Map.of();
    private volatile @Nullable Thread taskThread;
    private int maxRecords = 1;
    private volatile long polls;
    private volatile long settledPolls;
    private long settledBefore;

    public QueueTask(InstantSource clock) {
        this.clock = clock;
    }

    /** Reads what is remembered of the queues; connections are made when they are read. */
    public void start(
            SourceTaskContext context,
            QueueSettings settings,
            List<? extends QueueEndpoint<R>> endpoints) {
        taskThread = Thread.currentThread();
        // Half of what may be in flight: see commit.
        maxRecords = Math.max(1, Math.min(settings.maxBatch(), settings.maxInFlight() / 2));
        Map<String, QueueReader<R>> started = new LinkedHashMap<>();
        for (QueueEndpoint<R> endpoint : endpoints) {
            RepeatWindow window =
                    RepeatWindow.load(
                            endpoint.queue(),
                            settings.windowMessages(),
                            settings.windowAge(),
                            context.offsetStorageReader(),
                            clock);
            QueueMetrics metrics = new QueueMetrics();
            metrics.register(endpoint.queue(), context);
            started.put(
                    endpoint.queue(),
                    new QueueReader<>(endpoint, settings, window, metrics, clock));
            LOG.info(
                    "Reading queue '{}' of '{}', {} messages are remembered",
                    endpoint.queue(),
                    endpoint.uri(),
                    window.size());
        }
        readers = started;
    }

    /** The records of the messages that are there; null if there are none. */
    public @Nullable List<SourceRecord> poll() throws InterruptedException {
        settle();
        long number = polls + 1;
        polls = number;
        List<SourceRecord> records = new ArrayList<>();
        for (QueueReader<R> reader : readers.values()) {
            // Several are asked at once; only when all are empty, one is waited for.
            records.addAll(
                    reader.poll(
                            number,
                            maxRecords,
                            readers.size() == 1 ? LONGEST_WAIT : Duration.ZERO));
        }
        if (records.isEmpty() && readers.size() > 1) {
            Duration share = LONGEST_WAIT.dividedBy(readers.size());
            for (QueueReader<R> reader : readers.values()) {
                records.addAll(reader.poll(number, maxRecords, share));
                if (!records.isEmpty()) {
                    break;
                }
            }
        }
        return records.isEmpty() ? null : records;
    }

    /** The record is safe, or a transform or {@code errors.tolerance=all} dropped it. */
    public void commitRecord(SourceRecord record) {
        Object queue = record.sourcePartition().get(WindowChunk.QUEUE);
        QueueReader<R> reader = readers.get(String.valueOf(queue));
        if (reader != null) {
            reader.committed(record);
        }
    }

    /**
     * The worker committed. An exactly-once worker does it on the task's thread; it does not tell
     * of dropped records as long as nothing else is to be committed. What an earlier poll returned
     * was sent or dropped before the last poll began, so it is done now.
     */
    public void commit() {
        if (Thread.currentThread().equals(taskThread)) {
            settledPolls = polls - 1;
        }
    }

    /** Acknowledges what was committed and leaves the queues. */
    public void stop() {
        readers.values().forEach(QueueReader::stop);
        readers = Map.of();
    }

    private void settle() {
        long through = settledPolls;
        if (through > settledBefore) {
            settledBefore = through;
            readers.values().forEach(reader -> reader.settleThrough(through));
        }
    }
}
