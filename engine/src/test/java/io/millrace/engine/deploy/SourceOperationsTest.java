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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A Connect that has one source, and takes what it is told to do. */
class SourceOperationsTest {
    private static final SourceFile FILE =
            new SourceFile("bills", "x.Sqs", Map.of("connector.class", "x.Sqs", "name", "bills"));

    private final Map<String, String> refusals = new ConcurrentHashMap<>();
    private final List<String> requests = new ArrayList<>();
    private volatile String state = "RUNNING";
    private volatile String task = "RUNNING";
    private HttpServer server;
    private SourceOperations sources;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    String request =
                            exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
                    requests.add(request);
                    String refusal = refusals.getOrDefault(request, "");
                    byte[] body =
                            (refusal.isEmpty() ? answer(request) : refusal)
                                    .getBytes(StandardCharsets.UTF_8);
                    int status = refusal.isEmpty() ? 200 : 500;
                    exchange.sendResponseHeaders(body.length == 0 ? 404 : status, 0);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        sources =
                new SourceOperations(
                        "http://127.0.0.1:" + server.getAddress().getPort(),
                        new SystemTimeSource());
    }

    @AfterEach
    void stop() {
        sources.close();
        server.stop(0);
    }

    @Test
    void shouldNameTheSourcesThereAreWhenOneIsNot() {
        assertThatThrownBy(() -> sources.pause("orders"))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessageContaining("no source 'orders'; there are: bills");
        assertThat(requests).noneMatch(request -> request.startsWith("PUT"));
    }

    @Test
    void shouldTellTheTroubleOfATaskInOneLine() {
        task = "FAILED";

        SourceState bills = sources.state("bills");

        assertThat(bills.summary()).isEqualTo("FAILED");
        assertThat(bills.running()).isEqualTo("0/1");
        assertThat(bills.trouble()).isEqualTo("the queue is missing");
    }

    @Test
    void shouldListSourcesAndNoSinks() {
        assertThat(sources.list())
                .containsExactly(
                        new SourceState("bills", "x.Sqs", "t", "RUNNING", List.of("RUNNING"), ""));
    }

    @Test
    void shouldNotReplaceASourceUnasked() {
        assertThatThrownBy(() -> sources.check(FILE, false))
                .hasMessageContaining("'bills' is there already; add --replace");
        sources.check(FILE, true);
    }

    @Test
    void shouldLetASourceGoOnWhenItsOffsetsCannotBeDeleted() {
        refusals.put("DELETE /connectors/bills/offsets", "{\"message\":\"no such topic\"}");

        assertThatThrownBy(() -> sources.reset("bills")).hasMessageContaining("no such topic");

        assertThat(state).isEqualTo("RUNNING");
    }

    @Test
    void shouldLeaveASourceAsItWasAfterAReset() {
        state = "STOPPED";

        sources.reset("bills");

        assertThat(requests)
                .contains("DELETE /connectors/bills/offsets")
                .doesNotContain("PUT /connectors/bills/resume");
    }

    @Test
    void shouldForgetBetweenAStopAndGoingOn() {
        sources.reset("bills");

        assertThat(requests)
                .containsSubsequence(
                        "PUT /connectors/bills/stop",
                        "DELETE /connectors/bills/offsets",
                        "PUT /connectors/bills/resume");
    }

    private String answer(String request) {
        String info =
                "\"type\":\"source\",\"config\":{\"connector.class\":\"x.Sqs\",\"topic\":\"t\"}";
        return switch (request) {
            case "GET /connectors/bills" -> "{" + info + "}";
            case "GET /connectors/bills/status" -> status();
            case "GET /connectors" ->
                    "{\"bills\":{\"info\":{"
                            + info
                            + "},\"status\":"
                            + status()
                            + "},\"archive\":{\"info\":{\"type\":\"sink\"}}}";
            case "PUT /connectors/bills/stop" -> become("STOPPED");
            case "PUT /connectors/bills/resume" -> become("RUNNING");
            case "DELETE /connectors/bills/offsets",
                    "PUT /connector-plugins/x.Sqs/config/validate" ->
                    "{\"configs\":[]}";
            default -> "";
        };
    }

    private String become(String next) {
        state = next;
        return "{}";
    }

    private String status() {
        String tasks =
                state.equals("STOPPED")
                        ? ""
                        : "{\"state\":\""
                                + task
                                + "\",\"trace\":\""
                                + (task.equals("FAILED") ? "the queue is missing\\n at x" : "")
                                + "\"}";
        return "{\"connector\":{\"state\":\"" + state + "\"},\"tasks\":[" + tasks + "]}";
    }
}
