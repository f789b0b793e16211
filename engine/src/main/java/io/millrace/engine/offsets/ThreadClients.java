package io.millrace.engine.offsets;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.time.TimeSource;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * What the consumer, the producer and the processors of one stream thread share.
 *
 * <p>Threading: StreamThread only, but for {@link #wake}.
 */
public final class ThreadClients {
    /** Between two commits of a position that moved over transaction markers only. */
    private static final Duration MARKER_COMMITS = Duration.ofSeconds(10);

    /** How long a barrier holds up a rebalance. */
    private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(60);

    /**
     * How long a thread sleeps that has nothing to do, where Streams would look around ten times a
     * second. Records, reports and timers end it at once.
     */
    private static final Duration QUIET_POLL = Duration.ofMillis(500);

    /** Streams asks for less where it waits for something itself. */
    static final Duration FULL_POLL = Duration.ofMillis(100);

    private static final Duration DRAIN_LOOK = Duration.ofMillis(1);

    private final TimeSource time;
    private final CommitPolicy policy;
    private final PollWaker waker = new PollWaker();
    private final PartitionGate gate = new PartitionGate();
    private final Map<PartitionId, PartitionEpoch> epochs = new HashMap<>();
    private final Map<PartitionId, Task> tasks = new HashMap<>();
    private volatile @Nullable Consumer<byte[], byte[]> consumer;
    private @Nullable Producer<byte[], byte[]> producer;
    private @Nullable WatermarkProducer sender;
    private @Nullable String poison;
    private long commits;
    private long transactions;
    private long commitNanos;
    private long lastCommit;
    private long idleNanos;
    private long lastMarkerCommit;
    private volatile boolean ending;
    private boolean barrier;
    private boolean draining;

    ThreadClients(TimeSource time) {
        this(time, CommitPolicy.WATERMARK);
    }

    ThreadClients(TimeSource time, CommitPolicy policy) {
        this.time = time;
        this.policy = policy;
        this.lastMarkerCommit = time.nanos();
        this.lastCommit = lastMarkerCommit;
    }

    /** What a processor tells its thread's clients. */
    public interface Task {
        /** Whether a report waits to be applied: then the thread must not sleep in a poll. */
        boolean hasReports();

        /** When the next timer is due, on the monotonic clock; {@link Long#MAX_VALUE} for never. */
        long nextDue();

        /** Applies what waits, outside of Streams' own calls: before partitions are given up. */
        default void applyWaiting() {}

        /** What is written with the next commit. */
        CommitAttachment attachment();
    }

    /** Takes the epoch that was opened when Streams read the committed offset of this partition. */
    public PartitionEpoch activate(PartitionId partition, Task task) {
        PartitionEpoch epoch = epochs.get(partition);
        if (epoch == null || epoch.isClosed()) {
            throw new MillraceException(
                    ErrorCode.FAILED,
                    "partition '"
                            + partition
                            + "' has no epoch: its committed offset was not read through the wrapped"
                            + " consumer, so events could be lost");
        }
        tasks.put(partition, task);
        return epoch;
    }

    /** The task of this epoch is over. */
    public void deactivate(PartitionEpoch epoch) {
        end(epoch);
        if (epochs.remove(epoch.partition(), epoch)) {
            tasks.remove(epoch.partition());
        }
        gate.unblock(epoch.partition());
    }

    /** Stops fetching from this partition until {@link #unblock}. */
    public void block(PartitionId partition) {
        gate.block(partition);
    }

    public void unblock(PartitionId partition) {
        gate.unblock(partition);
    }

    /** A report has arrived: ends a poll that is going on. Any thread. */
    public void wake() {
        Consumer<byte[], byte[]> current = consumer;
        if (current != null) {
            waker.wake(current::wakeup);
        }
    }

    /** The application is about to end: the thread must not sleep for long. Any thread. */
    void ending() {
        ending = true;
        wake();
    }

    /** An outcome was applied in part: the transaction must not be committed. */
    public void poison(String why) {
        poison = why;
    }

    /** Commits since the start, so that a processor can see that its outcomes are safe. */
    public long commits() {
        return commits;
    }

    void consumerCreated(Consumer<byte[], byte[]> created) {
        consumer = created;
    }

    /** After fencing Streams makes a new producer under the same name; it starts clean. */
    void producerCreated(Producer<byte[], byte[]> created) {
        producer = created;
        poison = null;
    }

    void sendThrough(WatermarkProducer created) {
        sender = created;
    }

    /**
     * Writes a record in the open transaction; false when there is none and Streams has to write
     * it.
     */
    public boolean send(ProducerRecord<byte[], byte[]> record) {
        return sender != null && sender.sendOwn(record);
    }

    /** The tasks are going to be rebuilt. */
    void cleared() {
        poison = null;
    }

    /** Writes and acknowledges what goes with a commit that no transaction holds together. */
    void flushAttachments() {
        var written = new ArrayList<Future<RecordMetadata>>();
        for (CommitAttachment attachment : attachments()) {
            for (ProducerRecord<byte[], byte[]> record : attachment.drain()) {
                written.add(Objects.requireNonNull(producer).send(record));
            }
        }
        if (written.isEmpty()) {
            return;
        }
        Objects.requireNonNull(producer).flush();
        for (Future<RecordMetadata> sent : written) {
            requireWritten(sent);
        }
    }

    private static void requireWritten(Future<RecordMetadata> sent) {
        try {
            RecordMetadata _ = sent.get();
        } catch (ExecutionException e) {
            throw new KafkaException("what goes with a commit was not written", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while what goes with a commit was written", e);
        }
    }

    @Nullable String poisoned() {
        return poison;
    }

    void open(PartitionEpoch epoch) {
        lowerBarrier();
        PartitionEpoch earlier = epochs.put(epoch.partition(), epoch);
        if (earlier != null) {
            end(earlier);
            // What its task still holds belongs to outcomes that are not committed.
            tasks.remove(epoch.partition());
        }
    }

    private void end(PartitionEpoch epoch) {
        if (!epoch.isClosed() && epoch.isUncommitted() && sender != null) {
            sender.givenUp(epoch.partition());
        }
        epoch.close();
    }

    /** Whether the group has given this partition to this thread, as far as it knows. */
    boolean isAssigned(PartitionId partition) {
        Consumer<byte[], byte[]> current = consumer;
        return current == null
                || current.assignment()
                        .contains(new TopicPartition(partition.topic(), partition.partition()));
    }

    Collection<PartitionEpoch> epochs() {
        return epochs.values();
    }

    @Nullable PartitionEpoch epoch(PartitionId partition) {
        return epochs.get(partition);
    }

    List<CommitAttachment> attachments() {
        return tasks.values().stream().map(Task::attachment).toList();
    }

    PollWaker waker() {
        return waker;
    }

    PartitionGate gate() {
        return gate;
    }

    /** How long a poll may take at most, given what waits to be done on this thread. */
    Duration pollTimeout(Duration asked) {
        long wait = mayRest(asked) ? QUIET_POLL.toNanos() : asked.toNanos();
        for (Task task : tasks.values()) {
            if (task.hasReports()) {
                return Duration.ZERO;
            }
            long due = task.nextDue();
            if (due != Long.MAX_VALUE) {
                wait = Math.min(wait, Math.max(0, due - time.nanos()));
            }
        }
        // The consumer counts whole milliseconds: rounded down, the last one would be spent asking.
        return Duration.ofMillis(Math.ceilDiv(wait, 1_000_000));
    }

    /** Whether every partition of this thread has its task, and none has anything to do. */
    private boolean mayRest(Duration asked) {
        Consumer<byte[], byte[]> current = consumer;
        return asked.compareTo(FULL_POLL) >= 0
                && !ending
                && !tasks.isEmpty()
                && isQuiet()
                && current != null
                && current.assignment().size() == tasks.size();
    }

    /** Whether positions that moved over markers only may be committed now. */
    boolean isMarkerCommitDue() {
        return time.nanos() - lastMarkerCommit >= MARKER_COMMITS.toNanos();
    }

    void markersCommitted() {
        lastMarkerCommit = time.nanos();
    }

    /** What was written has been committed; it took so long. */
    void committed(long nanos) {
        transactions++;
        commitNanos += (nanos - commitNanos) / 8;
        lastCommit = time.nanos();
        idleNanos = 0;
        commitEnded();
    }

    /** Commits that had something to write. */
    public long transactions() {
        return transactions;
    }

    /** Streams has committed, whether something was written or not. */
    void commitEnded() {
        commits++;
        lowerBarrier();
    }

    public CommitPolicy policy() {
        return policy;
    }

    /** A commit is wanted. Where one needs a barrier, nothing more is started until it is over. */
    public void prepareCommit() {
        if (policy == CommitPolicy.BARRIER && !barrier) {
            barrier = true;
            epochs.values().forEach(PartitionEpoch::hold);
        }
    }

    /** Whether a commit is wanted and held up by what is in flight, or was until now. */
    public boolean isBarrierUp() {
        return barrier;
    }

    /** Whether nothing that is in flight holds up a commit. */
    public boolean isDrained() {
        return !barrier || epochs.values().stream().allMatch(PartitionEpoch::isDrained);
    }

    private void lowerBarrier() {
        if (barrier) {
            barrier = false;
            epochs.values().forEach(epoch -> epoch.limit().open());
        }
    }

    /** Waits, for a bounded time, until nothing is in flight. */
    void drain() {
        prepareCommit();
        draining = true;
        long until = time.nanos() + DRAIN_PATIENCE.toNanos();
        try {
            while (!isDrained() && time.nanos() - until < 0) {
                tasks.values().forEach(Task::applyWaiting);
                LockSupport.parkNanos(DRAIN_LOOK.toNanos());
            }
        } finally {
            draining = false;
        }
    }

    /** Whether records are written outside of Streams' own calls. */
    boolean isDraining() {
        return draining;
    }

    /** The thread has waited for something to do. */
    void idled(long nanos) {
        idleNanos += nanos;
    }

    /** How long the thread has waited for something to do since the last transaction. */
    public long idleNanos() {
        return idleNanos;
    }

    public long nanosSinceCommit() {
        return time.nanos() - lastCommit;
    }

    /** Whether no event of any partition of this thread is unfinished. */
    public boolean isQuiet() {
        for (PartitionEpoch epoch : epochs.values()) {
            if (epoch.tracker().unfinished() > 0) {
                return false;
            }
        }
        return true;
    }

    /** How long a commit takes at present: a moving average. */
    public long commitNanos() {
        return commitNanos;
    }

    long nanos() {
        return time.nanos();
    }
}
