package io.millrace.it.prove.sources;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The REST interface of a worker, as people use it. A worker that is being balanced is asked again;
 * any other refusal is an IllegalStateException with what it said. Threading: one thread.
 */
public final class ConnectRest implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration REQUEST = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI url;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .connectTimeout(Duration.ofSeconds(5))
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();

    ConnectRest(URI url) {
        this.url = url;
    }

    /**
     * How a connector is.
     *
     * @param connector RUNNING, PAUSED, STOPPED, FAILED, UNASSIGNED or RESTARTING; ABSENT without
     *     one of that name
     * @param tasks the same of each task
     * @param traces what the failed ones say
     */
    public record Status(String connector, List<String> tasks, List<String> traces) {
        public boolean isRunning() {
            return connector.equals("RUNNING")
                    && !tasks.isEmpty()
                    && tasks.stream().allMatch("RUNNING"::equals);
        }

        public boolean isFailed() {
            return connector.equals("FAILED") || tasks.contains("FAILED");
        }
    }

    /** One answer. */
    private record Answer(int status, JsonNode body) {}

    /** Whether it takes connectors. */
    boolean isHealthy() {
        try {
            return once("GET", "/health", "").status() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** Class names of all source connectors it found. */
    public Set<String> sourceConnectors() {
        return stream(ok("GET", "/connector-plugins", ""))
                .filter(plugin -> plugin.path("type").asText().equals("source"))
                .map(plugin -> plugin.path("class").asText())
                .collect(Collectors.toSet());
    }

    /** Has it check a configuration; the errors, each "key: text". */
    public List<String> validate(String connectorClass, Map<String, String> config) {
        Map<String, String> all = new TreeMap<>(config);
        all.put("connector.class", connectorClass);
        all.putIfAbsent("name", "validated");
        JsonNode answer =
                ok("PUT", "/connector-plugins/" + connectorClass + "/config/validate", json(all));
        List<String> errors = new ArrayList<>();
        for (JsonNode setting : answer.path("configs")) {
            JsonNode value = setting.path("value");
            value.path("errors")
                    .forEach(e -> errors.add(value.path("name").asText() + ": " + e.asText()));
        }
        return errors;
    }

    /** Makes a connector, or gives it a new configuration. */
    public void create(String name, Map<String, String> config) {
        ok("PUT", "/connectors/" + name + "/config", json(config));
    }

    public Status status(String name) {
        Answer answer = patient("GET", "/connectors/" + name + "/status", "");
        if (answer.status() == 404) {
            return new Status("ABSENT", List.of(), List.of());
        }
        JsonNode body = answer.body();
        List<String> tasks =
                stream(body.path("tasks")).map(task -> task.path("state").asText()).toList();
        List<String> traces = new ArrayList<>();
        traces.add(body.path("connector").path("trace").asText(""));
        stream(body.path("tasks")).map(t -> t.path("trace").asText("")).forEach(traces::add);
        traces.removeIf(String::isEmpty);
        return new Status(body.path("connector").path("state").asText(), tasks, traces);
    }

    /** Waits until connector and tasks run; IllegalStateException at once when one failed. */
    public Status awaitRunning(String name) {
        return awaitState(name, Status::isRunning, true);
    }

    /** Waits until connector or a task failed; what they say is in the status. */
    public Status awaitFailed(String name) {
        return awaitState(name, Status::isFailed, false);
    }

    public void pause(String name) {
        ok("PUT", "/connectors/" + name + "/pause", "");
        awaitState(name, status -> status.connector().equals("PAUSED"), true);
    }

    public void resume(String name) {
        ok("PUT", "/connectors/" + name + "/resume", "");
        awaitRunning(name);
    }

    /** Ends its tasks; its offsets can be changed then. */
    public void stop(String name) {
        ok("PUT", "/connectors/" + name + "/stop", "");
        awaitState(name, s -> s.connector().equals("STOPPED") && s.tasks().isEmpty(), false);
    }

    /** Restarts connector and tasks that failed. */
    public void restartFailed(String name) {
        ok("POST", "/connectors/" + name + "/restart?includeTasks=true&onlyFailed=true", "");
    }

    public void delete(String name) {
        ok("DELETE", "/connectors/" + name, "");
    }

    /** What it keeps of its source: a list of {@code {"partition": ..., "offset": ...}}. */
    public List<JsonNode> offsets(String name) {
        return stream(ok("GET", "/connectors/" + name + "/offsets", "").path("offsets")).toList();
    }

    /** Sets offsets of a stopped connector; gives what a refusal says, empty when it was done. */
    public String alterOffsets(String name, List<Map<String, Object>> offsets) {
        // What a connector refuses has the status of a failure that may pass.
        Answer answer =
                once("PATCH", "/connectors/" + name + "/offsets", json(Map.of("offsets", offsets)));
        return answer.status() / 100 == 2 ? "" : answer.body().path("message").asText();
    }

    /** Forgets all offsets of a stopped connector. */
    public void resetOffsets(String name) {
        ok("DELETE", "/connectors/" + name + "/offsets", "");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private Status awaitState(String name, Predicate<Status> wanted, boolean mustNotFail) {
        AtomicReference<Status> last = new AtomicReference<>();
        await("state of " + name)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    Status status = status(name);
                    last.set(status);
                    if (mustNotFail && status.isFailed() && !wanted.test(status)) {
                        throw new IllegalStateException(
                                "connector '" + name + "' failed: " + status.traces());
                    }
                    return wanted.test(status);
                });
        return last.get();
    }

    private JsonNode ok(String method, String path, String body) {
        Answer answer = patient(method, path, body);
        if (answer.status() / 100 != 2) {
            throw new IllegalStateException(
                    method + " " + path + " gave " + answer.status() + ": " + answer.body());
        }
        return answer.body();
    }

    /** A rebalance, a worker that is starting, or a connection to one that was killed pass. */
    private Answer patient(String method, String path, String body) {
        AtomicReference<Answer> last = new AtomicReference<>();
        await(method + " " + path)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    try {
                        last.set(once(method, path, body));
                    } catch (UncheckedIOException e) {
                        return false;
                    }
                    int status = last.get().status();
                    return status != 409 && status != 503 && status != 500;
                });
        return last.get();
    }

    private Answer once(String method, String path, String body) {
        HttpRequest request =
                HttpRequest.newBuilder(url.resolve(path))
                        .timeout(REQUEST)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        try {
            HttpResponse<String> response =
                    http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), tree(response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking Connect", e);
        }
    }

    private static JsonNode tree(String text) {
        try {
            return text.isBlank() ? MissingNode.getInstance() : JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
