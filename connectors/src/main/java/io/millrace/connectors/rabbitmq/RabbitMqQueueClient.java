package io.millrace.connectors.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Consumer;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;

import io.millrace.connectors.queue.QueueClient;
import io.millrace.connectors.queue.QueueException;
import io.millrace.connectors.queue.ReceivedMessage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A connection with one channel and one consumer. The server sends no more than {@code
 * queue.in.flight.max} messages that are not acknowledged. Threading: the task's thread; the client
 * library fills the buffer.
 */
final class RabbitMqQueueClient implements QueueClient<RabbitMqReceipt> {
    private final Connection connection;
    private final Channel channel;
    private final RabbitMqMessages messages;
    private final Function<Exception, QueueException> failures;
    private final LinkedBlockingQueue<ReceivedMessage<RabbitMqReceipt>> buffer =
            new LinkedBlockingQueue<>();
    private volatile @Nullable Exception end;

    RabbitMqQueueClient(
            Connection connection,
            Channel channel,
            RabbitMqMessages messages,
            Function<Exception, QueueException> failures) {
        this.connection = connection;
        this.channel = channel;
        this.messages = messages;
        this.failures = failures;
    }

    /** What the server's deliveries go to. */
    Consumer consumer() {
        return new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(
                    String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                buffer.add(
                        messages.received(
                                envelope,
                                properties,
                                body,
                                new RabbitMqReceipt(channel, envelope.getDeliveryTag())));
            }

            @Override
            public void handleCancel(String tag) {
                end = new IOException("the server ended the subscription");
            }

            @Override
            public void handleShutdownSignal(String tag, ShutdownSignalException signal) {
                end = signal;
            }
        };
    }

    @Override
    public List<ReceivedMessage<RabbitMqReceipt>> receive(int max, Duration wait)
            throws InterruptedException {
        Exception failure = end;
        if (failure != null) {
            throw failures.apply(failure);
        }
        List<ReceivedMessage<RabbitMqReceipt>> received = new ArrayList<>();
        ReceivedMessage<RabbitMqReceipt> first = buffer.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
        if (first != null) {
            received.add(first);
            buffer.drainTo(received, max - 1);
        }
        return received;
    }

    @Override
    public int acknowledge(List<RabbitMqReceipt> receipts) {
        int failed = 0;
        try {
            for (RabbitMqReceipt receipt : receipts) {
                if (receipt.channel().equals(channel)) {
                    channel.basicAck(receipt.deliveryTag(), false);
                } else {
                    // Received over a connection that is gone; the server has it back.
                    failed++;
                }
            }
            return failed;
        } catch (IOException | AlreadyClosedException e) {
            throw failures.apply(e);
        }
    }

    @Override
    public boolean isUsable() {
        return false;
    }

    @Override
    public void close() {
        connection.abort(2000);
    }
}
