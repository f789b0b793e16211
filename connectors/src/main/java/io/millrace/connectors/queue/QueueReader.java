package io.millrace.connectors.queue;

import io.millrace.connectors.cloudevents.CloudEventHeaders;

import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Reads one queue: receives, drops repeats, makes records, and acknowledges what was committed.
 *
 * <p>At most {@code queue.in.flight.max} messages wait for their commit. Nothing is acknowledged
 * before. Threading: the task thread; {@code committed} from any thread.
 *
 * @param <R> receipt of a message
 */
final class QueueReader<R> {
    private static final Logger LOG = LoggerFactory.getLogger(QueueReader.class);

    private final QueueEndpoint<R> endpoint;
    private final QueueSettings settings;
    private final RepeatWindow window;
    private final QueueRecords records;
    private final QueueMetrics metrics;
    private final QueueOutage outage;
    private final InstantSource clock;
    private final LinkedBlockingQueue<SourceRecord> committed = new LinkedBlockingQueue<>();
    private final IdentityHashMap<SourceRecord, Pending<R>> pending = new IdentityHashMap<>();
    private final Map<String, Pending<R>> pendingById = new HashMap<>();
    private final String run;
    private long nameless;
    private @Nullable QueueClient<R> client;

    QueueReader(
            QueueEndpoint<R> endpoint,
            QueueSettings settings,
            RepeatWindow window,
            QueueMetrics metrics,
            InstantSource clock) {
        this.endpoint = endpoint;
        this.settings = settings;
        this.window = window;
        this.records = new QueueRecords(settings, endpoint.queue(), endpoint.uri());
        this.metrics = metrics;
        this.outage = new QueueOutage(endpoint.queue(), settings.outageTimeout());
        this.clock = clock;
        this.run = clock.instant().toString();
    }

    /**
     * The records of the messages that are there.
     *
     * @param number of this call; the records are remembered under it
     * @param wait how long to wait for a message
     */
    List<SourceRecord> poll(long number, int max, Duration wait) throws InterruptedException {
        settle();
        Duration pause = outage.left(clock.instant());
        int room = Math.min(max, settings.maxInFlight() - pending.size());
        if (room <= 0 || !pause.isZero()) {
            awaitCommit(room > 0 && pause.compareTo(wait) < 0 ? pause : wait);
            return List.of();
        }
        try {
            List<ReceivedMessage<R>> received = open().receive(room, wait);
            outage.end();
            List<SourceRecord> made = new ArrayList<>(received.size());
            List<R> repeats = new ArrayList<>();
            for (ReceivedMessage<R> message : received) {
                take(message, number, made, repeats);
            }
            acknowledge(repeats);
            return made;
        } catch (QueueException e) {
            failed(e);
            return List.of();
        } finally {
            look();
        }
    }

    /** The record is safe, or was dropped by what the user configured. */
    void committed(SourceRecord record) {
        committed.add(record);
    }

    /** All records of these polls are safe or dropped. */
    void settleThrough(long number) {
        List<R> receipts = new ArrayList<>();
        Iterator<Pending<R>> each = pending.values().iterator();
        while (each.hasNext()) {
            Pending<R> one = each.next();
            if (one.poll <= number) {
                each.remove();
                finish(one, receipts);
            }
        }
        tryAcknowledge(receipts);
    }

    /** Acknowledges what was committed and ends the connection. */
    void stop() {
        settle();
        closeClient();
    }

    private void take(
            ReceivedMessage<R> message, long number, List<SourceRecord> made, List<R> repeats) {
        metrics.received.increment();
        String id = message.id().orElse("");
        if (message.id().isPresent() && window.contains(id)) {
            metrics.repeats.increment();
            Pending<R> first = pendingById.get(id);
            if (first == null) {
                repeats.add(message.receipt());
            } else {
                // Its first record is not safe yet; whichever receipt is the valid one then.
                first.receipts.add(message.receipt());
            }
            return;
        }
        Pending<R> one = new Pending<>(id, number, message.receipt());
        made.addAll(records(message, one));
        pending.put(made.get(made.size() - 1), one);
    }

    private List<SourceRecord> records(ReceivedMessage<R> message, Pending<R> one) {
        RepeatWindow.Mark before = window.current();
        RepeatWindow.Mark mark = before;
        String eventId;
        if (one.id.isEmpty()) {
            metrics.withoutId.increment();
            nameless++;
            eventId =
                    CloudEventHeaders.idOf(List.of(endpoint.queue(), run, Long.toString(nameless)));
        } else {
            mark = window.add(one.id);
            pendingById.put(one.id, one);
            eventId = CloudEventHeaders.idOf(List.of(endpoint.queue(), one.id));
        }
        var reason = records.reason(message);
        if (reason.isPresent()) {
            List<SourceRecord> letters =
                    records.deadLetter(message, eventId, reason.get(), before, mark);
            metrics.deadLetters.increment();
            return letters;
        }
        metrics.events.increment();
        return List.of(records.event(message, eventId, mark));
    }

    private void settle() {
        List<R> receipts = new ArrayList<>();
        for (SourceRecord each = committed.poll(); each != null; each = committed.poll()) {
            finish(each, receipts);
        }
        tryAcknowledge(receipts);
    }

    private void finish(SourceRecord record, List<R> receipts) {
        Pending<R> one = pending.remove(record);
        if (one != null) {
            finish(one, receipts);
        }
    }

    private void finish(Pending<R> one, List<R> receipts) {
        if (!one.id.isEmpty()) {
            pendingById.remove(one.id);
        }
        receipts.addAll(one.receipts);
    }

    private void tryAcknowledge(List<R> receipts) {
        try {
            acknowledge(receipts);
        } catch (QueueException e) {
            failed(e);
        }
    }

    private void acknowledge(List<R> receipts) {
        QueueClient<R> current = client;
        if (receipts.isEmpty()) {
            return;
        }
        if (current == null) {
            // They come again, and are recognised then.
            metrics.acknowledgeFailures.add(receipts.size());
            return;
        }
        metrics.acknowledged.add(receipts.size());
        metrics.acknowledgeFailures.add(current.acknowledge(receipts));
    }

    private void awaitCommit(Duration wait) throws InterruptedException {
        SourceRecord first = committed.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
        if (first != null) {
            List<R> receipts = new ArrayList<>();
            finish(first, receipts);
            tryAcknowledge(receipts);
        }
    }

    private QueueClient<R> open() {
        QueueClient<R> current = client;
        if (current == null) {
            current = endpoint.open();
            client = current;
        }
        return current;
    }

    private void failed(QueueException failure) {
        Instant now = clock.instant();
        QueueClient<R> current = client;
        if (current != null && !current.isUsable()) {
            closeClient();
        }
        if (!outage.lasts()) {
            metrics.outages.increment();
        }
        outage.begin(failure, now);
    }

    private void closeClient() {
        QueueClient<R> current = client;
        client = null;
        if (current != null) {
            try {
                current.close();
            } catch (RuntimeException e) {
                LOG.info("Queue '{}' could not be left in order", endpoint.queue(), e);
            }
        }
    }

    private void look() {
        QueueClient<R> current = client;
        metrics.look(
                pending.size(),
                window.size(),
                current == null ? 0 : current.extensions(),
                outage.lasts());
    }

    /** A message whose record is not committed yet. */
    private static final class Pending<R> {
        private final String id;
        private final long poll;
        private final List<R> receipts = new ArrayList<>(1);

        Pending(String id, long poll, R receipt) {
            this.id = id;
            this.poll = poll;
            receipts.add(receipt);
        }
    }
}
