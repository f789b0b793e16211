package io.millrace.engine;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.millrace.schemas.registry.RegistryConfig;
import io.millrace.schemas.registry.SchemaRegistryClient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on the loopback that answers every request of a registry's client the same way. */
public final class RegistryStub implements AutoCloseable {
    private final HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();

    public RegistryStub(int status, String json) {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        server.createContext("/", exchange -> answer(exchange, status, json));
        server.start();
    }

    private void answer(HttpExchange exchange, int status, String json) throws IOException {
        requests.incrementAndGet();
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** How many requests came in. */
    public int requests() {
        return requests.get();
    }

    /** A client of this server that does not try twice. */
    public SchemaRegistryClient client() {
        return new SchemaRegistryClient(
                RegistryConfig.from(
                        Map.of(
                                RegistryConfig.URL,
                                "http://localhost:" + server.getAddress().getPort(),
                                RegistryConfig.MAX_RETRIES,
                                "0")));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
