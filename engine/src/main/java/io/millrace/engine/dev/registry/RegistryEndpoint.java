package io.millrace.engine.dev.registry;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** HTTP around {@link RegistryProtocol}: bounds, media type, error bodies. */
final class RegistryEndpoint implements HttpHandler {
    static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    static final int LARGEST_REQUEST = 4 * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(RegistryEndpoint.class);

    private final RegistryProtocol protocol;
    private final ObjectMapper mapper = new ObjectMapper();

    RegistryEndpoint(RegistryProtocol protocol) {
        this.protocol = protocol;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            int status = 200;
            JsonNode answer;
            try {
                answer = protocol.answer(call(exchange));
            } catch (ProtocolException e) {
                status = e.status();
                answer = error(e);
            } catch (RuntimeException e) {
                LOG.error("A request to the schema registry failed; this is a bug", e);
                ProtocolException internal = ProtocolException.internal();
                status = internal.status();
                answer = error(internal);
            }
            byte[] body = answer.toString().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", MEDIA_TYPE);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static JsonNode error(ProtocolException failure) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("error_code", failure.code())
                .put("message", failure.text());
    }

    private RegistryCall call(HttpExchange exchange) throws IOException {
        byte[] body = body(exchange.getRequestBody());
        return RegistryCall.of(exchange.getRequestMethod(), exchange.getRequestURI(), json(body));
    }

    private JsonNode json(byte[] body) throws IOException {
        if (body.length == 0) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            JsonNode json = mapper.readTree(body);
            if (!json.isObject()) {
                throw ProtocolException.notJson();
            }
            return json;
        } catch (JacksonException _) {
            throw ProtocolException.notJson();
        }
    }

    private static byte[] body(InputStream in) throws IOException {
        byte[] body = in.readNBytes(LARGEST_REQUEST + 1);
        if (body.length > LARGEST_REQUEST) {
            // The rest, within bounds: a client that is still writing would miss the answer.
            in.skip(4L * LARGEST_REQUEST);
            throw ProtocolException.tooLarge(LARGEST_REQUEST);
        }
        return body;
    }
}
