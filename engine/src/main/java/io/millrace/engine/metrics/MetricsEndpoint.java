package io.millrace.engine.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Serves the metrics of a node as Prometheus text, on the loopback interface only.
 *
 * <p>One request at a time. Threading: the server's own thread.
 */
public final class MetricsEndpoint implements AutoCloseable {
    private static final String PATH = "/metrics";
    private static final int BACKLOG = 16;

    private final HttpServer server;

    private MetricsEndpoint(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts serving.
     *
     * @param port 0 for a free one
     * @throws MillraceException when it cannot be used
     */
    public static MetricsEndpoint start(NodeMetrics metrics, int port) {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try {
            HttpServer server = HttpServer.create(address, BACKLOG);
            server.createContext(PATH, exchange -> answer(exchange, metrics));
            server.start();
            return new MetricsEndpoint(server);
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.IN_USE,
                    "cannot listen on port '"
                            + port
                            + "' ('metrics.port'): "
                            + e.getMessage()
                            + "; give a free one, or -1 for none",
                    e);
        }
    }

    private static void answer(HttpExchange exchange, NodeMetrics metrics) throws IOException {
        try (exchange) {
            boolean isGet = exchange.getRequestMethod().equals("GET");
            if (!isGet || !exchange.getRequestURI().getPath().equals(PATH)) {
                exchange.sendResponseHeaders(isGet ? 404 : 405, -1);
                return;
            }
            byte[] body = metrics.prometheusText().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders()
                    .set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
