package io.millrace.connectors.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;

import io.millrace.connectors.queue.QueueClient;
import io.millrace.connectors.queue.QueueEndpoint;
import io.millrace.connectors.queue.QueueException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeoutException;

/** One queue of the configured server. */
final class RabbitMqQueue implements QueueEndpoint<RabbitMqReceipt> {
    private static final int PORT = 5672;
    private static final int TLS_PORT = 5671;
    private static final int MOST_PREFETCH = 65_535;

    private final RabbitMqSourceConfig config;
    private final String name;

    RabbitMqQueue(RabbitMqSourceConfig config, String name) {
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
    public QueueClient<RabbitMqReceipt> open() {
        Connection connection = null;
        try {
            connection = factory().newConnection("millrace " + name);
            Channel channel = connection.createChannel();
            channel.queueDeclarePassive(name);
            channel.basicQos(Math.min(config.common().maxInFlight(), MOST_PREFETCH));
            RabbitMqQueueClient client =
                    new RabbitMqQueueClient(
                            connection,
                            channel,
                            new RabbitMqMessages(config.idHeader(), config.groupHeader()),
                            this::failure);
            channel.basicConsume(name, false, client.consumer());
            return client;
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            if (connection != null) {
                connection.abort(1000);
            }
            throw failure(e);
        }
    }

    /** Asks whether the queue is there. */
    void probe() {
        open().close();
    }

    private ConnectionFactory factory() {
        URI uri = URI.create(config.url());
        boolean tls = uri.getScheme().equals("amqps");
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(uri.getHost());
        factory.setPort(uri.getPort() >= 0 ? uri.getPort() : tls ? TLS_PORT : PORT);
        factory.setVirtualHost(config.virtualHost());
        if (!config.username().isEmpty()) {
            factory.setUsername(config.username());
            factory.setPassword(config.password().value());
        }
        int timeout = Math.toIntExact(config.requestTimeout().toMillis());
        factory.setConnectionTimeout(timeout);
        factory.setHandshakeTimeout(timeout);
        factory.setChannelRpcTimeout(timeout);
        factory.setShutdownTimeout(1000);
        // A new connection is made here, so that what is not acknowledged is known to come again.
        factory.setAutomaticRecoveryEnabled(false);
        if (tls) {
            try {
                factory.useSslProtocol(javax.net.ssl.SSLContext.getDefault());
                factory.enableHostnameVerification();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("This Java has no TLS", e);
            }
        }
        return factory;
    }

    /** What went wrong, in a sentence. */
    private QueueException failure(Exception failure) {
        if (failure instanceof AuthenticationFailureException
                || failure instanceof PossibleAuthenticationFailureException) {
            return QueueException.lasting(
                    "'"
                            + config.url()
                            + "' does not accept user '"
                            + config.username()
                            + "' for virtual host '"
                            + config.virtualHost()
                            + "'; correct rabbitmq.username, rabbitmq.password or"
                            + " rabbitmq.virtual.host",
                    RabbitMqSourceConfig.USERNAME,
                    failure);
        }
        return switch (replyCode(failure)) {
            case AMQP.NOT_FOUND ->
                    QueueException.lasting(
                            "Queue '"
                                    + name
                                    + "' does not exist at '"
                                    + config.url()
                                    + "', virtual host '"
                                    + config.virtualHost()
                                    + "'; create it or correct rabbitmq.queues",
                            RabbitMqSourceConfig.QUEUES,
                            failure);
            case AMQP.ACCESS_REFUSED, AMQP.NOT_ALLOWED ->
                    QueueException.lasting(
                            "'"
                                    + config.url()
                                    + "' does not let user '"
                                    + config.username()
                                    + "' read queue '"
                                    + name
                                    + "' of virtual host '"
                                    + config.virtualHost()
                                    + "'; allow it or use another user",
                            RabbitMqSourceConfig.USERNAME,
                            failure);
            default ->
                    QueueException.passing(
                            "'" + config.url() + "' does not answer: " + failure, failure);
        };
    }

    private static int replyCode(@Nullable Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof ShutdownSignalException signal) {
                Method reason = signal.getReason();
                if (reason instanceof AMQP.Channel.Close close) {
                    return close.getReplyCode();
                }
                if (reason instanceof AMQP.Connection.Close close) {
                    return close.getReplyCode();
                }
            }
        }
        return 0;
    }
}
