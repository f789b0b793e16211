package io.millrace.connectors.objectstore;

import io.millrace.connectors.cloudevents.CloudEventHeaders;
import io.millrace.connectors.queue.QueueClient;
import io.millrace.connectors.queue.QueueEndpoint;
import io.millrace.connectors.queue.QueueException;
import io.millrace.connectors.queue.ReceivedMessage;
import io.millrace.connectors.queue.RepeatWindow;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Notifications that a store sends to a queue.
 *
 * <p>A message is acknowledged when its events are committed. One that is handed out again is
 * recognised by its id, within a window that is stored with the events; one that is handed out
 * again while it is under way is acknowledged together with it.
 *
 * @param <R> receipt of a message
 */
final class QueueNotifications<R> implements NotificationTransport {
    private static final Logger LOG = LoggerFactory.getLogger(QueueNotifications.class);
    private static final int AT_ONCE = 100;

    private final QueueEndpoint<R> endpoint;
    private final RepeatWindow window;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, List<R>> underWay = new HashMap<>();
    private final Queue<String> safe = new ConcurrentLinkedQueue<>();
    private Optional<QueueClient<R>> client = Optional.empty();
    private boolean closed;

    QueueNotifications(QueueEndpoint<R> endpoint, RepeatWindow window) {
        this.endpoint = endpoint;
        this.window = window;
    }

    @Override
    public List<IncomingMessage> receive(Duration wait) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return closed ? List.of() : messages(usable(), wait);
        } catch (QueueException e) {
            if (client.filter(each -> !each.isUsable()).isPresent()) {
                drop();
            }
            throw e.configKey().isEmpty()
                    ? StoreException.passing(e.text(), e)
                    : StoreException.lasting(e.text(), e.configKey().get(), e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Place place(IncomingMessage message, int index, boolean isLast) {
        RepeatWindow.Mark mark = isLast ? window.add(message.name()) : window.current();
        return new Place(mark.partition(), mark.offset());
    }

    @Override
    public boolean isRepeat(IncomingMessage message) {
        return window.contains(message.name());
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            drop();
        } finally {
            lock.unlock();
        }
    }

    private List<IncomingMessage> messages(QueueClient<R> current, Duration wait)
            throws InterruptedException {
        acknowledge(current);
        List<IncomingMessage> messages = new ArrayList<>();
        for (ReceivedMessage<R> received : current.receive(AT_ONCE, wait)) {
            byte[] body = new byte[received.body().remaining()];
            ByteBuffer unread = received.body().duplicate();
            unread.get(body);
            String id =
                    received.id()
                            .orElseGet(() ->
                                    CloudEventHeaders.idOf(
                                            List.of(
                                                    new String(
                                                            body, StandardCharsets.ISO_8859_1))));
            boolean isFirst = !underWay.containsKey(id);
            underWay.computeIfAbsent(id, each -> new ArrayList<>()).add(received.receipt());
            if (isFirst) {
                messages.add(
                        new IncomingMessage(body, id, 0, IncomingMessage.NONE, () -> safe.add(id)));
            }
        }
        return messages;
    }

    private void acknowledge(QueueClient<R> current) {
        List<R> receipts = new ArrayList<>();
        for (String id = safe.poll(); id != null; id = safe.poll()) {
            List<R> each = underWay.remove(id);
            if (each != null) {
                receipts.addAll(each);
            }
        }
        int failed = current.acknowledge(receipts);
        if (failed > 0) {
            LOG.debug("{} acknowledgements failed; those messages come again", failed);
        }
    }

    private QueueClient<R> usable() {
        QueueClient<R> current = client.orElseGet(endpoint::open);
        client = Optional.of(current);
        return current;
    }

    private void drop() {
        // What was not acknowledged comes again, and is known then.
        client.ifPresent(QueueClient::close);
        client = Optional.empty();
    }
}
