package io.millrace.connectors.jms;

import io.millrace.connectors.queue.QueueClient;
import io.millrace.connectors.queue.QueueException;
import io.millrace.connectors.queue.ReceivedMessage;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A connection with one session and one consumer. Each message is acknowledged by itself.
 * Threading: the task's thread.
 */
final class JmsQueueClient implements QueueClient<JmsReceipt> {
    private static final Logger LOG = LoggerFactory.getLogger(JmsQueueClient.class);

    private final Connection connection;
    private final Session session;
    private final MessageConsumer consumer;
    private final Function<JMSException, QueueException> failures;

    JmsQueueClient(
            Connection connection,
            Session session,
            MessageConsumer consumer,
            Function<JMSException, QueueException> failures) {
        this.connection = connection;
        this.session = session;
        this.consumer = consumer;
        this.failures = failures;
    }

    @Override
    public List<ReceivedMessage<JmsReceipt>> receive(int max, Duration wait) {
        List<ReceivedMessage<JmsReceipt>> messages = new ArrayList<>();
        try {
            Message message =
                    wait.isZero() ? consumer.receiveNoWait() : consumer.receive(wait.toMillis());
            while (message != null) {
                messages.add(JmsMessages.received(message, new JmsReceipt(session, message)));
                message = messages.size() < max ? consumer.receiveNoWait() : null;
            }
            return messages;
        } catch (JMSException e) {
            throw failures.apply(e);
        }
    }

    @Override
    public int acknowledge(List<JmsReceipt> receipts) {
        int failed = 0;
        try {
            for (JmsReceipt receipt : receipts) {
                if (receipt.session().equals(session)) {
                    receipt.message().acknowledge();
                } else {
                    // Received over a connection that is gone; the server has it back.
                    failed++;
                }
            }
            return failed;
        } catch (JMSException e) {
            throw failures.apply(e);
        }
    }

    @Override
    public boolean isUsable() {
        return false;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (JMSException e) {
            LOG.debug("The connection could not be closed", e);
        }
    }
}
