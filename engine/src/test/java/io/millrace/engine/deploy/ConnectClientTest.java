package io.millrace.engine.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.time.SystemTimeSource;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;

class ConnectClientTest {
    private final Queue<Answer> answers = new ArrayDeque<>();
    private final List<String> requests = new ArrayList<>();
    private HttpServer server;
    private ConnectClient client;

    private record Answer(int status, String body) {}

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    requests.add(
                            exchange.getRequestMethod()
                                    + " "
                                    + exchange.getRequestURI()
                                    + " "
                                    + body);
                    Answer answer = answers.remove();
                    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(
                            answer.status(), bytes.length == 0 ? -1 : bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        server.start();
        client =
                new ConnectClient(
                        "http://127.0.0.1:" + server.getAddress().getPort(),
                        new SystemTimeSource());
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    @Test
    void shouldGiveEveryErrorOfAValidation() {
        answers.add(
                new Answer(
                        200,
                        """
                        {"error_count":2,"configs":[
                         {"value":{"name":"bucket","errors":["bucket 'x' does not exist"]}},
                         {"value":{"name":"topic","errors":[]}},
                         {"value":{"name":"region","errors":["must not be empty\\nmore"]}}]}
                        """));

        List<String> errors = client.validate("a.B", Map.of("bucket", "x"));

        assertThat(errors)
                .containsExactly(
                        "'bucket': bucket 'x' does not exist", "'region': must not be empty");
        assertThat(requests)
                .containsExactly("PUT /connector-plugins/a.B/config/validate {\"bucket\":\"x\"}");
    }

    @Test
    void shouldTellThatAConnectorClassIsNotThere() {
        answers.add(
                new Answer(
                        500,
                        "{\"error_code\":500,\"message\":\"Failed to find any class that implements"
                                + " Connector and which name matches a.B\"}"));

        assertThatThrownBy(() -> client.validate("a.B", Map.of()))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessageContaining("has no connector class 'a.B'");
    }

    @Test
    void shouldAskAgainWhileTheWorkersRebalance() {
        answers.add(new Answer(409, "{\"message\":\"rebalance\"}"));
        answers.add(new Answer(201, "{}"));

        client.put("photos", Map.of("a", "b"));

        assertThat(requests)
                .hasSize(2)
                .allMatch(r -> r.startsWith("PUT /connectors/photos/config"));
    }

    @Test
    void shouldWaitUntilTasksRun() {
        answers.add(new Answer(404, "{}"));
        answers.add(new Answer(200, "{\"connector\":{\"state\":\"RUNNING\"},\"tasks\":[]}"));
        answers.add(
                new Answer(
                        200,
                        "{\"connector\":{\"state\":\"RUNNING\"},\"tasks\":[{\"state\":\"RUNNING\"}]}"));

        ConnectClient.Status status = client.awaitStarted("photos", Duration.ofSeconds(20));

        assertThat(status.state()).isEqualTo(ConnectClient.Status.State.RUNNING);
    }

    @Test
    void shouldTellWhyATaskFailed() {
        answers.add(
                new Answer(
                        200,
                        "{\"connector\":{\"state\":\"RUNNING\"},\"tasks\":[{\"state\":\"FAILED\","
                                + "\"trace\":\"a.B: no such bucket\\n\\tat c.D\"}]}"));

        ConnectClient.Status status = client.awaitStarted("photos", Duration.ofSeconds(20));

        assertThat(status)
                .isEqualTo(
                        new ConnectClient.Status(
                                ConnectClient.Status.State.FAILED, "a.B: no such bucket"));
    }

    @Test
    void shouldTellThatSomethingElseAnswers() {
        answers.add(new Answer(200, "<html>"));

        assertThatThrownBy(() -> client.validate("a.B", Map.of()))
                .hasMessageContaining("is not Kafka Connect");
    }

    @Test
    void shouldTellThatNobodyAnswers() {
        server.stop(0);

        assertThatThrownBy(() -> client.put("photos", Map.of()))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining("cannot be reached");
    }

    @Test
    void shouldSayWhetherARemovedConnectorWasThere() {
        answers.add(new Answer(204, ""));
        answers.add(new Answer(404, "{\"message\":\"not found\"}"));

        assertThat(client.delete("photos")).isTrue();
        assertThat(client.delete("photos")).isFalse();
    }
}
