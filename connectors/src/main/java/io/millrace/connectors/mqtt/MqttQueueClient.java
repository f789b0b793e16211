package io.millrace.connectors.mqtt;

import com.hivemq.client.mqtt.MqttClientState;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;

import io.millrace.connectors.queue.QueueClient;
import io.millrace.connectors.queue.QueueConnectors;
import io.millrace.connectors.queue.QueueException;
import io.millrace.connectors.queue.ReceivedMessage;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * A connection of the session. The server sends no more than {@code queue.in.flight.max} messages
 * that are not acknowledged. Threading: the task's thread; the client library fills the buffer.
 */
final class MqttQueueClient implements QueueClient<Mqtt5Publish> {
    private static final Logger LOG = LoggerFactory.getLogger(MqttQueueClient.class);

    private final MqttMessages messages;
    private final int maxInFlight;
    private final Function<Throwable, QueueException> failures;
    private final LinkedBlockingQueue<Mqtt5Publish> buffer = new LinkedBlockingQueue<>();
    private final Set<Mqtt5Publish> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private volatile @Nullable Mqtt5AsyncClient connection;
    private volatile @Nullable Throwable end;

    MqttQueueClient(
            MqttMessages messages, int maxInFlight, Function<Throwable, QueueException> failures) {
        this.messages = messages;
        this.maxInFlight = maxInFlight;
        this.failures = failures;
    }

    /** Before it connects: the server sends what it has as soon as it does. */
    void over(Mqtt5AsyncClient client) {
        connection = client;
        client.publishes(MqttGlobalPublishFilter.ALL, this::arrived, true);
    }

    void ended(Throwable cause) {
        end = cause;
    }

    @Override
    public List<ReceivedMessage<Mqtt5Publish>> receive(int max, Duration wait)
            throws InterruptedException {
        Throwable failure = end;
        if (failure != null) {
            throw failures.apply(failure);
        }
        List<ReceivedMessage<Mqtt5Publish>> received = new ArrayList<>();
        Mqtt5Publish next = buffer.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
        while (next != null) {
            open.add(next);
            received.add(messages.received(next));
            next = received.size() < max ? buffer.poll() : null;
        }
        return received;
    }

    @Override
    public int acknowledge(List<Mqtt5Publish> receipts) {
        int failed = 0;
        for (Mqtt5Publish receipt : receipts) {
            if (open.remove(receipt)) {
                receipt.acknowledge();
            } else {
                // Received over a connection that is gone; the server sends it again.
                failed++;
            }
        }
        return failed;
    }

    @Override
    public boolean isUsable() {
        return false;
    }

    @Override
    public void close() {
        Mqtt5AsyncClient client = connection;
        if (client == null || client.getState() == MqttClientState.DISCONNECTED) {
            return;
        }
        try {
            client.disconnect().get(2, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("The connection could not be closed", e);
        } catch (InterruptedException e) {
            QueueConnectors.keepInterrupt();
        }
    }

    private void arrived(Mqtt5Publish message) {
        // The server bounds the others; these it sends at any rate, and promises nothing for them.
        if (message.getQos() != MqttQos.AT_MOST_ONCE || buffer.size() < maxInFlight) {
            buffer.add(message);
        }
    }
}
