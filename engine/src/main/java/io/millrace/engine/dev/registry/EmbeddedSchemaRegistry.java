package io.millrace.engine.dev.registry;

import com.sun.net.httpserver.HttpServer;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A running schema registry on loopback, without authentication.
 *
 * <ul>
 *   <li>When {@link #start} returns, all schemas of the topic are known and requests are answered.
 *   <li>A change is answered after it was committed by the brokers and read back.
 *   <li>Several registries on one cluster, and one that starts again, tell the same ids.
 * </ul>
 *
 * Threading: any thread.
 */
public final class EmbeddedSchemaRegistry implements AutoCloseable {
    private static final int BACKLOG = 1_024;

    private final HttpServer server;
    private final ExecutorService requests;
    private final SchemaTopic topic;

    private EmbeddedSchemaRegistry(HttpServer server, ExecutorService requests, SchemaTopic topic) {
        this.server = server;
        this.requests = requests;
        this.topic = topic;
    }

    /**
     * Starts a registry.
     *
     * @param kafka further settings of the Kafka clients, security for example
     * @param port 0 for a free one
     * @param replicationFactor of the topic {@code _schemas} where it has to be made
     * @throws MillraceException IN_USE when the port is taken, UNAVAILABLE when the broker does not
     *     answer, INVALID when there is a topic {@code _schemas} that would lose schemas
     */
    public static EmbeddedSchemaRegistry start(
            String bootstrapServers, Map<String, String> kafka, int port, short replicationFactor) {
        HttpServer server = listen(port);
        try {
            SchemaState state = new SchemaState();
            SchemaTopic topic = open(bootstrapServers, kafka, replicationFactor, state);
            ExecutorService requests =
                    Executors.newThreadPerTaskExecutor(
                            Thread.ofVirtual().name("schema-registry-", 0).factory());
            SchemaStore store = new SchemaStore(state, topic);
            server.createContext("/", new RegistryEndpoint(new RegistryProtocol(store)));
            server.setExecutor(requests);
            server.start();
            return new EmbeddedSchemaRegistry(server, requests, topic);
        } catch (RuntimeException e) {
            server.stop(0);
            throw e;
        }
    }

    private static HttpServer listen(int port) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try {
            return HttpServer.create(address, BACKLOG);
        } catch (BindException e) {
            throw new MillraceException(
                    ErrorCode.IN_USE,
                    "the schema registry cannot listen on port '"
                            + port
                            + "': it is taken; stop what uses it or choose another port",
                    e);
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.FAILED,
                    "the schema registry cannot listen on port '" + port + "': " + e.getMessage(),
                    e);
        }
    }

    private static SchemaTopic open(
            String bootstrapServers,
            Map<String, String> kafka,
            short replicationFactor,
            SchemaState state) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        Admin admin = admin(config, bootstrapServers);
        try {
            SchemaTopicSetup.ensure(admin, replicationFactor);
        } catch (RuntimeException e) {
            admin.close();
            throw e;
        }
        SchemaTopicReader reader = new SchemaTopicReader(config, admin, state);
        SchemaTopic topic = new SchemaTopic(config, reader, new Random());
        try {
            reader.start();
            reader.catchUp();
            return topic;
        } catch (RuntimeException e) {
            topic.close();
            throw e;
        }
    }

    private static Admin admin(Map<String, Object> config, String bootstrapServers) {
        try {
            return Admin.create(config);
        } catch (KafkaException e) {
            throw new MillraceException(
                    ErrorCode.INVALID,
                    "the schema registry cannot use bootstrap servers '"
                            + bootstrapServers
                            + "' with the given Kafka settings; check both",
                    e);
        }
    }

    /** Where clients find it: {@code http://127.0.0.1:port}. */
    public URI url() {
        InetSocketAddress address = server.getAddress();
        return URI.create(
                "http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
    }

    /** Stops answering, ends changes under way and lets go of the topic. */
    @Override
    public void close() {
        server.stop(0);
        requests.shutdownNow();
        topic.close();
    }
}
