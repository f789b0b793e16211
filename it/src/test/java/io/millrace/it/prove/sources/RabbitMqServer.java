package io.millrace.it.prove.sources;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * The system's RabbitMQ as a process of its own, with a folder and ports of its own; the system's
 * service is left alone.
 */
final class RabbitMqServer implements QueueServer {
    private static final String QUEUE = "orders";
    private static final Path PROGRAM = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

    private final int port;
    private final ServerJvm portMapper;
    private final ServerJvm server;
    private int sent;

    private RabbitMqServer(int port, ServerJvm portMapper, ServerJvm server) {
        this.port = port;
        this.portMapper = portMapper;
        this.server = server;
    }

    static Optional<String> obstacle() {
        return Files.isExecutable(PROGRAM)
                ? Optional.empty()
                : Optional.of("'" + PROGRAM + "' is missing; install rabbitmq-server");
    }

    static RabbitMqServer start(Path folder) {
        int port = ServerJvm.freePort();
        int mapper = ServerJvm.freePort();
        // Otherwise the server starts one that outlives it.
        ServerJvm portMapper =
                ServerJvm.start(
                        folder,
                        mapper,
                        List.of("epmd", "-port", Integer.toString(mapper), "-address", "127.0.0.1"),
                        Map.of());
        Map<String, String> environment =
                Map.of(
                        "HOME", folder.toString(),
                        "ERL_EPMD_PORT", Integer.toString(mapper),
                        "RABBITMQ_NODENAME", "prove" + port + "@localhost",
                        "RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1",
                        "RABBITMQ_NODE_PORT", Integer.toString(port),
                        "RABBITMQ_DIST_PORT", Integer.toString(ServerJvm.freePort()),
                        "RABBITMQ_MNESIA_BASE", folder.resolve("data").toString(),
                        "RABBITMQ_LOG_BASE", folder.resolve("log").toString(),
                        "RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("plugins").toString(),
                        "RABBITMQ_CONF_ENV_FILE", folder.resolve("env.conf").toString());
        ServerJvm server = ServerJvm.start(folder, port, List.of(PROGRAM.toString()), environment);
        RabbitMqServer started = new RabbitMqServer(port, portMapper, server);
        started.declare();
        return started;
    }

    @Override
    public Map<String, String> connector() {
        return Map.of(
                "connector.class",
                "io.millrace.connectors.rabbitmq.RabbitMqSourceConnector",
                "rabbitmq.queues",
                QUEUE,
                "rabbitmq.url",
                "amqp://127.0.0.1:" + port,
                "rabbitmq.group.header",
                "group");
    }

    @Override
    public List<Change> send(int number, int groups) {
        List<Change> changes = new ArrayList<>(number);
        try (Connection connection = factory().newConnection();
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            for (int i = 0; i < number; i++) {
                String group = "g" + i % groups;
                String id = "m" + (sent + i);
                channel.basicPublish(
                        "",
                        QUEUE,
                        new AMQP.BasicProperties.Builder()
                                .messageId(id)
                                .deliveryMode(2)
                                .headers(Map.of("group", group))
                                .build(),
                        id.getBytes(StandardCharsets.UTF_8));
                changes.add(new Change(group, id));
            }
            channel.waitForConfirmsOrDie(60_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        sent += number;
        return changes;
    }

    /** Of those that no reader holds; the reader is the connector. */
    @Override
    public long left() {
        try (Connection connection = factory().newConnection();
                Channel channel = connection.createChannel()) {
            return channel.messageCount(QUEUE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void restart() {
        server.restart();
    }

    @Override
    public void close() {
        server.close();
        portMapper.close();
    }

    private void declare() {
        try (Connection connection = factory().newConnection();
                Channel channel = connection.createChannel()) {
            channel.queueDeclare(QUEUE, true, false, false, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private ConnectionFactory factory() {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(port);
        return factory;
    }
}
