package io.millrace.connectors.jms;

import io.millrace.connectors.queue.QueueClient;
import io.millrace.connectors.queue.QueueEndpoint;
import io.millrace.connectors.queue.QueueException;

import jakarta.jms.Connection;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.Session;

import org.apache.qpid.jms.JmsConnectionFactory;
import org.apache.qpid.jms.policy.JmsDefaultPrefetchPolicy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One queue of the configured server. */
final class JmsQueue implements QueueEndpoint<JmsReceipt> {
    private static final Logger LOG = LoggerFactory.getLogger(JmsQueue.class);

    /** Qpid's mode in which a message is acknowledged by itself, not with all before it. */
    private static final int INDIVIDUAL_ACKNOWLEDGE = 101;

    private final JmsSourceConfig config;
    private final String name;

    JmsQueue(JmsSourceConfig config, String name) {
        this.config = config;
        this.name = name;
    }

    @Override
    public String queue() {
        return name;
    }

    @Override
    public String uri() {
        return config.url() + "/" + name;
    }

    @Override
    public QueueClient<JmsReceipt> open() {
        Connection connection = null;
        try {
            connection = factory().createConnection();
            Session session = connection.createSession(INDIVIDUAL_ACKNOWLEDGE);
            JmsQueueClient client =
                    new JmsQueueClient(
                            connection,
                            session,
                            session.createConsumer(session.createQueue(name)),
                            this::failure);
            connection.start();
            return client;
        } catch (JMSException e) {
            close(connection);
            throw failure(e);
        }
    }

    /** Asks whether the queue is there. */
    void probe() {
        open().close();
    }

    /** What went wrong, in a sentence. */
    private QueueException failure(JMSException failure) {
        if (failure instanceof JMSSecurityException) {
            return QueueException.lasting(
                    "'"
                            + config.url()
                            + "' does not let user '"
                            + config.username()
                            + "' read queue '"
                            + name
                            + "' ("
                            + failure.getMessage()
                            + "); correct jms.username and jms.password, or the user's rights",
                    JmsSourceConfig.USERNAME,
                    failure);
        }
        if (failure instanceof InvalidDestinationException) {
            return QueueException.lasting(
                    "Queue '"
                            + name
                            + "' does not exist at '"
                            + config.url()
                            + "'; create it or correct jms.queues",
                    JmsSourceConfig.QUEUES,
                    failure);
        }
        return QueueException.passing(
                "'" + config.url() + "' does not answer: " + failure.getMessage(), failure);
    }

    private JmsConnectionFactory factory() {
        JmsConnectionFactory factory = new JmsConnectionFactory(config.url());
        if (!config.username().isEmpty()) {
            factory.setUsername(config.username());
            factory.setPassword(config.password().value());
        }
        JmsDefaultPrefetchPolicy prefetch = new JmsDefaultPrefetchPolicy();
        prefetch.setAll(Math.min(config.common().maxInFlight(), Short.MAX_VALUE));
        factory.setPrefetchPolicy(prefetch);
        long timeout = config.requestTimeout().toMillis();
        factory.setConnectTimeout(timeout);
        factory.setRequestTimeout(timeout);
        factory.setCloseTimeout(Math.min(timeout, 5000));
        // What is not there is not asked for: it comes by itself, and the wait is ours.
        factory.setReceiveLocalOnly(true);
        factory.setReceiveNoWaitLocalOnly(true);
        return factory;
    }

    private static void close(@Nullable Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (JMSException e) {
            LOG.debug("The connection could not be closed", e);
        }
    }
}
