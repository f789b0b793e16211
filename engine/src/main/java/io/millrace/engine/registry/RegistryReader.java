package io.millrace.engine.registry;

import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.cluster.KafkaFailures;
import io.millrace.engine.cluster.SchemaFailures;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.TopicNames;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Follows the functions and triggers topics on a thread of its own and hands immutable snapshots to
 * a listener.
 *
 * <ul>
 *   <li>The first snapshot holds everything that was committed when reading began; each later one
 *       holds something new. They come in order, one at a time.
 *   <li>A record that cannot be understood is passed over. Nothing that the cluster or the schema
 *       registry does ends the following: it starts again from the beginning of the topics, at most
 *       once per second; what was known stays known meanwhile.
 *   <li>A listener that throws is told to the log and called again with the next snapshot.
 * </ul>
 *
 * <p>Threading: any thread; the listener runs on the reader's thread.
 */
public final class RegistryReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryReader.class);
    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private final RegistrySource source;
    private final Consumer<RegistrySnapshot> listener;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final AtomicReference<Optional<MillraceException>> problem =
            new AtomicReference<>(Optional.empty());
    private final Thread thread;
    private volatile RegistrySnapshot snapshot = RegistrySnapshot.EMPTY;
    private volatile long skipped;

    private RegistryReader(
            RegistrySource source, ThreadFactory threads, Consumer<RegistrySnapshot> listener) {
        this.source = source;
        this.listener = listener;
        this.thread = threads.newThread(this::run);
    }

    /** Starts reading; returns at once. */
    public static RegistryReader start(
            Cluster cluster,
            TopicNames names,
            SchemaRegistryClient schemas,
            ThreadFactory threads,
            Consumer<RegistrySnapshot> listener) {
        RegistrySource source = new RegistrySource(cluster, names, schemas);
        RegistryReader reader = new RegistryReader(source, threads, listener);
        reader.thread.start();
        return reader;
    }

    /** Reads once, on the calling thread, what is committed now. */
    public static RegistrySnapshot read(
            Cluster cluster, TopicNames names, SchemaRegistryClient schemas) {
        RegistrySource source = new RegistrySource(cluster, names, schemas);
        try (RegistrySource.Session session = source.open()) {
            while (!session.isAtEnd()) {
                session.poll(Duration.ofMillis(200));
                session.requireProgress();
            }
            return session.view().snapshot();
        } catch (RegistryException e) {
            throw SchemaFailures.of(e);
        } catch (RuntimeException e) {
            throw KafkaFailures.of(cluster, source.what(), e);
        }
    }

    /** The newest snapshot; empty before the first one. */
    public RegistrySnapshot snapshot() {
        return snapshot;
    }

    /** Records passed over because they could not be understood, in the topics as they are now. */
    public long skippedRecords() {
        return skipped;
    }

    /**
     * Waits until the first snapshot was handed to the listener.
     *
     * @throws MillraceException with the reason, if that does not happen in time
     */
    public void awaitCaughtUp(Duration timeout) {
        try {
            if (caughtUp.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            throw KafkaFailures.interrupted(source.what());
        }
        throw problem.get()
                .orElseGet(() ->
                        new MillraceException(
                                ErrorCode.UNAVAILABLE,
                                source.what() + " to their end within " + timeout));
    }

    /** Ends the following; waits at most ten seconds for the thread to end. */
    @Override
    public void close() {
        closed.countDown();
        source.wakeup();
        try {
            if (!thread.join(STOP_TIMEOUT)) {
                LOG.warn("the registry's thread did not end within {}", STOP_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (closed.getCount() > 0) {
                follow();
                if (closed.await(RETRY_DELAY.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads from the beginning until something goes wrong or the reader is closed. */
    private void follow() {
        try (RegistrySource.Session session = source.open()) {
            boolean due = true;
            while (closed.getCount() > 0) {
                // Only at the end of the topics, so that a deployment is seen as a whole.
                if (due && session.isAtEnd()) {
                    publish(session.view());
                    due = false;
                }
                session.poll(Duration.ofMillis(500));
                due |= session.hasChanged();
            }
        } catch (WakeupException e) {
            LOG.debug("woken up to stop", e);
        } catch (RegistryException e) {
            tell(SchemaFailures.of(e));
        } catch (RuntimeException e) {
            tell(KafkaFailures.of(source.cluster(), source.what(), e));
        }
    }

    private void publish(RegistryView view) {
        problem.set(Optional.empty());
        skipped = view.skipped();
        RegistrySnapshot next = view.snapshot();
        if (caughtUp.getCount() == 0 && next.equals(snapshot)) {
            return;
        }
        snapshot = next;
        try {
            listener.accept(next);
        } catch (RuntimeException e) {
            LOG.error("functions or triggers could not be taken over", e);
        }
        caughtUp.countDown();
    }

    private void tell(MillraceException e) {
        Optional<MillraceException> before = problem.getAndSet(Optional.of(e));
        boolean isNew = before.isEmpty() || !before.get().text().equals(e.text());
        if (isNew && closed.getCount() > 0) {
            LOG.warn("{}; trying again", e.text());
        }
    }
}
