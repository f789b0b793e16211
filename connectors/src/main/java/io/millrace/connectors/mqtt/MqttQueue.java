package io.millrace.connectors.mqtt;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.exceptions.ConnectionFailedException;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5SimpleAuth;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5ConnectBuilder;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5RetainHandling;

import io.millrace.connectors.queue.QueueClient;
import io.millrace.connectors.queue.QueueConnectors;
import io.millrace.connectors.queue.QueueEndpoint;
import io.millrace.connectors.queue.QueueException;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The session of the configured client. */
final class MqttQueue implements QueueEndpoint<Mqtt5Publish> {
    private static final int PORT = 1883;
    private static final int TLS_PORT = 8883;
    private static final int MOST_RECEIVED = 65_535;
    private static final Set<Mqtt5ConnAckReasonCode> REFUSED =
            Set.of(
                    Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD,
                    Mqtt5ConnAckReasonCode.NOT_AUTHORIZED,
                    Mqtt5ConnAckReasonCode.BAD_AUTHENTICATION_METHOD,
                    Mqtt5ConnAckReasonCode.BANNED,
                    Mqtt5ConnAckReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
                    Mqtt5ConnAckReasonCode.UNSUPPORTED_PROTOCOL_VERSION);

    private final MqttSourceConfig config;

    MqttQueue(MqttSourceConfig config) {
        this.config = config;
    }

    @Override
    public String queue() {
        return config.clientId();
    }

    @Override
    public String uri() {
        return config.url();
    }

    @Override
    public QueueClient<Mqtt5Publish> open() {
        MqttQueueClient client =
                new MqttQueueClient(
                        new MqttMessages(config.idProperty(), config.idPointer()),
                        config.common().maxInFlight(),
                        this::failure);
        Mqtt5AsyncClient connection =
                builder(config.clientId())
                        .addDisconnectedListener(context -> client.ended(context.getCause()))
                        .buildAsync();
        client.over(connection);
        try {
            await(connection.connect(connect(false)));
            for (String topic : config.topics()) {
                await(
                        connection
                                .subscribeWith()
                                .topicFilter(topic)
                                .qos(Objects.requireNonNull(MqttQos.fromCode(config.qos())))
                                .retainHandling(
                                        Mqtt5RetainHandling.SEND_IF_SUBSCRIPTION_DOES_NOT_EXIST)
                                .send());
            }
            return client;
        } catch (QueueException e) {
            client.close();
            throw e;
        }
    }

    /** Asks whether the server accepts the client, without touching its session. */
    void probe() {
        Mqtt5AsyncClient connection = builder(config.clientId() + "-probe").buildAsync();
        await(connection.connect(connect(true)));
        await(connection.disconnect());
    }

    private Mqtt5ClientBuilder builder(String clientId) {
        URI uri = URI.create(config.url());
        boolean tls = uri.getScheme().equals("mqtts");
        Mqtt5ClientBuilder builder =
                MqttClient.builder()
                        .useMqttVersion5()
                        .identifier(clientId)
                        .serverHost(uri.getHost())
                        .serverPort(uri.getPort() >= 0 ? uri.getPort() : tls ? TLS_PORT : PORT);
        return tls ? builder.sslConfig(MqttClientSslConfig.builder().build()) : builder;
    }

    private Mqtt5Connect connect(boolean probe) {
        Mqtt5ConnectBuilder connect =
                Mqtt5Connect.builder()
                        .cleanStart(probe)
                        .sessionExpiryInterval(probe ? 0 : config.sessionExpirySeconds());
        connect =
                connect.restrictions()
                        .receiveMaximum(Math.min(config.common().maxInFlight(), MOST_RECEIVED))
                        .applyRestrictions();
        if (!config.username().isEmpty()) {
            connect =
                    connect.simpleAuth(
                            Mqtt5SimpleAuth.builder()
                                    .username(config.username())
                                    .password(
                                            config.password()
                                                    .value()
                                                    .getBytes(StandardCharsets.UTF_8))
                                    .build());
        }
        return connect.build();
    }

    private void await(CompletableFuture<?> answer) {
        try {
            answer.get(config.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failure(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw QueueException.passing(
                    "'" + config.url() + "' did not answer within " + config.requestTimeout(), e);
        } catch (InterruptedException e) {
            QueueConnectors.keepInterrupt();
            throw QueueException.passing("Interrupted while connecting", e);
        }
    }

    /** What went wrong, in a sentence. */
    private QueueException failure(Throwable failure) {
        if (failure instanceof Mqtt5ConnAckException refused
                && REFUSED.contains(refused.getMqttMessage().getReasonCode())) {
            return QueueException.lasting(
                    "'"
                            + config.url()
                            + "' refuses client '"
                            + config.clientId()
                            + "', user '"
                            + config.username()
                            + "' ("
                            + refused.getMqttMessage().getReasonCode()
                            + "); correct mqtt.username, mqtt.password or mqtt.client.id",
                    MqttSourceConfig.USERNAME,
                    failure);
        }
        if (failure instanceof Mqtt5SubAckException refused) {
            return QueueException.lasting(
                    "'"
                            + config.url()
                            + "' refuses a subscription to one of "
                            + config.topics()
                            + " ("
                            + refused.getMqttMessage().getReasonCodes()
                            + "); correct mqtt.topics or the user's rights",
                    MqttSourceConfig.TOPICS,
                    failure);
        }
        Throwable told =
                failure instanceof ConnectionFailedException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return QueueException.passing("'" + config.url() + "' does not answer: " + told, failure);
    }
}
