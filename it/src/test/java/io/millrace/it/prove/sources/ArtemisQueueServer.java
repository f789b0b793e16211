package io.millrace.it.prove.sources;

import io.millrace.engine.dev.Installation;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;

import org.apache.qpid.jms.JmsConnectionFactory;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;

/** Artemis with a durable queue, reached by AMQP 1.0. */
final class ArtemisQueueServer implements QueueServer {
    private static final String QUEUE = "orders";

    private final int port;
    private final ServerJvm server;
    private int sent;

    private ArtemisQueueServer(int port, ServerJvm server) {
        this.port = port;
        this.server = server;
    }

    static ArtemisQueueServer start(Path folder) {
        int port = ServerJvm.freePort();
        return new ArtemisQueueServer(port, launch(folder, port));
    }

    /** Artemis alone, for AMQP and MQTT. */
    static ServerJvm launch(Path folder, int port) {
        return ServerJvm.start(
                folder,
                port,
                ServerJvm.java(
                        "artemis",
                        List.of(
                                Installation.find()
                                        .home()
                                        .resolve("it/src/test/peers/ArtemisServer.java")
                                        .toString(),
                                Integer.toString(port),
                                folder.toString(),
                                QUEUE)),
                Map.of());
    }

    @Override
    public Map<String, String> connector() {
        return Map.of(
                "connector.class",
                "io.millrace.connectors.jms.JmsSourceConnector",
                "jms.queues",
                QUEUE,
                "jms.url",
                url());
    }

    @Override
    public List<Change> send(int number, int groups) {
        List<Change> changes = new ArrayList<>(number);
        try (Connection connection = new JmsConnectionFactory(url()).createConnection()) {
            Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
            MessageProducer producer = session.createProducer(session.createQueue(QUEUE));
            for (int i = 0; i < number; i++) {
                TextMessage message = session.createTextMessage("m" + (sent + i));
                message.setStringProperty("JMSXGroupID", "g" + i % groups);
                producer.send(message);
                changes.add(new Change("g" + i % groups, message.getJMSMessageID()));
                if (i % 500 == 499) {
                    session.commit();
                }
            }
            session.commit();
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
        sent += number;
        return changes;
    }

    /** Of those that no reader holds; the reader is the connector. */
    @Override
    public long left() {
        try (Connection connection = new JmsConnectionFactory(url()).createConnection()) {
            connection.start();
            Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
            Queue queue = session.createQueue(QUEUE);
            try (QueueBrowser browser = session.createBrowser(queue)) {
                long number = 0;
                Enumeration<?> messages = browser.getEnumeration();
                while (messages.hasMoreElements()) {
                    messages.nextElement();
                    number++;
                }
                return number;
            }
        } catch (JMSException e) {
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
    }

    private String url() {
        return "amqp://127.0.0.1:" + port;
    }
}
