package io.millrace.it.prove.sources;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Artemis, reached by MQTT 5, with a persistent session that has messages waiting. */
final class MqttServer implements QueueServer {
    private static final String SESSION = "orders-reader";
    private static final long EXPIRY = 3600;

    private final int port;
    private final ServerJvm server;
    private int sent;

    private MqttServer(int port, ServerJvm server) {
        this.port = port;
        this.server = server;
    }

    static MqttServer start(Path folder) {
        int port = ServerJvm.freePort();
        MqttServer server = new MqttServer(port, ArtemisQueueServer.launch(folder, port));
        server.subscribe();
        return server;
    }

    @Override
    public Map<String, String> connector() {
        return Map.of(
                "connector.class", "io.millrace.connectors.mqtt.MqttSourceConnector",
                "mqtt.url", "mqtt://127.0.0.1:" + port,
                "mqtt.client.id", SESSION,
                "mqtt.topics", "orders/+",
                "mqtt.qos", "1",
                "mqtt.session.expiry.s", Long.toString(EXPIRY),
                "mqtt.id.property", "id");
    }

    @Override
    public List<Change> send(int number, int groups) {
        List<Change> changes = new ArrayList<>(number);
        Mqtt5AsyncClient client = client("orders-writer").toAsync();
        client.connect().join();
        List<CompletableFuture<Mqtt5PublishResult>> results = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            String topic = "orders/g" + i % groups;
            String id = "m" + (sent + i);
            results.add(
                    client.publishWith()
                            .topic(topic)
                            .qos(MqttQos.AT_LEAST_ONCE)
                            .payload(id.getBytes(StandardCharsets.UTF_8))
                            .userProperties()
                            .add("id", id)
                            .applyUserProperties()
                            .send());
            changes.add(new Change(topic, id));
        }
        results.forEach(CompletableFuture::join);
        client.disconnect().join();
        sent += number;
        return changes;
    }

    /** Unknown to a client while the session is in use: nothing is left if nothing more comes. */
    @Override
    public long left() {
        return 0;
    }

    @Override
    public void restart() {
        server.restart();
    }

    @Override
    public void close() {
        server.close();
    }

    /** Makes the session, so that the server keeps for it what is sent from now on. */
    private void subscribe() {
        Mqtt5BlockingClient client = client(SESSION);
        client.toAsync().publishes(MqttGlobalPublishFilter.ALL, message -> {}, true);
        client.connectWith().cleanStart(false).sessionExpiryInterval(EXPIRY).send();
        client.subscribeWith().topicFilter("orders/+").qos(MqttQos.AT_LEAST_ONCE).send();
        client.disconnectWith().sessionExpiryInterval(EXPIRY).send();
    }

    private Mqtt5BlockingClient client(String id) {
        return MqttClient.builder()
                .useMqttVersion5()
                .identifier(id)
                .serverHost("127.0.0.1")
                .serverPort(port)
                .buildBlocking();
    }
}
