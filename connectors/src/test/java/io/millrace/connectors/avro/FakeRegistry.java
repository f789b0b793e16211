package io.millrace.connectors.avro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.apache.avro.Schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Three endpoints of the schema registry's protocol, on loopback. */
final class FakeRegistry implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final List<String> schemas = new CopyOnWriteArrayList<>();
    private final Map<String, String> subjects = new ConcurrentHashMap<>();

    FakeRegistry() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/subjects/", this::subject);
        server.createContext("/schemas/ids/", this::schema);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The schema that was registered last under a subject. */
    Schema registered(String subject) {
        String schema = subjects.get(subject);
        if (schema == null) {
            throw new AssertionError("Nothing under '" + subject + "', only " + subjects.keySet());
        }
        return new Schema.Parser().parse(schema);
    }

    /** Puts a schema there as another program would. */
    int put(String subject, Schema schema) {
        return id(subject, schema.toString());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void subject(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/", -1);
        String subject = path[2];
        JsonNode body;
        try (InputStream in = exchange.getRequestBody()) {
            body = JSON.readTree(in);
        }
        String schema = body.path("schema").asText();
        if (path.length > 3) {
            answer(exchange, 200, "{\"id\":" + id(subject, schema) + "}");
        } else if (schema.equals(subjects.get(subject))) {
            answer(
                    exchange,
                    200,
                    JSON.createObjectNode()
                            .put("subject", subject)
                            .put("version", 1)
                            .put("id", id(subject, schema))
                            .put("schema", schema)
                            .toString());
        } else {
            answer(exchange, 404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");
        }
    }

    private void schema(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/", -1);
        int id = Integer.parseInt(path[3]);
        if (id > schemas.size()) {
            answer(exchange, 404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");
        } else {
            answer(
                    exchange,
                    200,
                    JSON.createObjectNode().put("schema", schemas.get(id - 1)).toString());
        }
    }

    private synchronized int id(String subject, String schema) {
        subjects.put(subject, schema);
        if (!schemas.contains(schema)) {
            schemas.add(schema);
        }
        return schemas.indexOf(schema) + 1;
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
