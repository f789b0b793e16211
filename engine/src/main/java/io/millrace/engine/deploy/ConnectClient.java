package io.millrace.engine.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.time.TimeSource;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Client of Kafka Connect's REST interface.
 *
 * <p>A worker that is rebalancing is asked again, for at most {@link #PATIENCE}. Messages never
 * show the values of a connector's settings, but for what Connect itself says about them.
 * Threading: one thread.
 */
public final class ConnectClient implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration RETRY_DELAY = Duration.ofMillis(300);
    private static final int MAX_MESSAGE = 500;
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String url;
    private final TimeSource time;
    private final HttpClient http;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** A connector's state as Connect tells it. */
    public record Status(State state, String detail) {
        public enum State {
            RUNNING,
            FAILED,
            /** Not yet there, or on its way. */
            STARTING,
            STOPPED
        }
    }

    /** Makes no call yet. */
    public ConnectClient(String url, TimeSource time) {
        this.url = checked(url);
        this.time = time;
        this.http =
                HttpClient.newBuilder()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
    }

    private static String checked(String url) {
        if (!url.matches("https?://[^\\s/@]+(/\\S*)?")) {
            throw new MillraceException(
                    ErrorCode.INVALID,
                    "the address of Kafka Connect is no URL; allowed: http(s)://host:port");
        }
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    /**
     * Has Connect check a connector's settings; changes nothing.
     *
     * @return what is wrong, one line for each setting; empty if nothing is
     */
    public List<String> validate(String connectorClass, Map<String, String> config) {
        String path = "/connector-plugins/" + encode(connectorClass) + "/config/validate";
        String what = "check the settings of a connector of class '" + connectorClass + "'";
        HttpResponse<String> response = send("PUT", path, json(config), what);
        if (response.statusCode() != 200) {
            String message = message(response);
            if (message.contains("Failed to find any class")) {
                throw new MillraceException(
                        ErrorCode.NOT_FOUND,
                        "Kafka Connect at '"
                                + url
                                + "' has no connector class '"
                                + connectorClass
                                + "'; put it into a folder of the worker's plugin.path");
            }
            throw refused(what, response);
        }
        List<String> errors = new ArrayList<>();
        for (JsonNode setting : tree(response, what).path("configs")) {
            JsonNode value = setting.path("value");
            for (JsonNode error : value.path("errors")) {
                errors.add("'" + value.path("name").asText() + "': " + oneLine(error.asText()));
            }
        }
        return errors;
    }

    /** Makes the connector, or gives it new settings. */
    public void put(String name, Map<String, String> config) {
        String what = "start connector '" + name + "'";
        HttpResponse<String> response =
                send("PUT", "/connectors/" + encode(name) + "/config", json(config), what);
        if (response.statusCode() / 100 != 2) {
            throw refused(what, response);
        }
    }

    /**
     * Removes the connector.
     *
     * @return whether it was there
     */
    public boolean delete(String name) {
        String what = "remove connector '" + name + "'";
        HttpResponse<String> response = send("DELETE", "/connectors/" + encode(name), "", what);
        if (response.statusCode() == NOT_FOUND) {
            return false;
        }
        if (response.statusCode() / 100 != 2) {
            throw refused(what, response);
        }
        return true;
    }

    /** How the connector and its tasks are. */
    public Status status(String name) {
        String what = "ask for the state of connector '" + name + "'";
        HttpResponse<String> response =
                send("GET", "/connectors/" + encode(name) + "/status", "", what);
        if (response.statusCode() == NOT_FOUND) {
            return new Status(Status.State.STARTING, "not there yet");
        }
        if (response.statusCode() != 200) {
            throw refused(what, response);
        }
        return status(tree(response, what));
    }

    /** Waits until the connector runs or fails, at most as long as given. */
    public Status awaitStarted(String name, Duration atMost) {
        long deadline = time.nanos() + atMost.toNanos();
        Status status = status(name);
        while (status.state() == Status.State.STARTING && time.nanos() - deadline < 0) {
            pause();
            status = status(name);
        }
        return status;
    }

    /** Ends waits and lets go of connections. */
    @Override
    public void close() {
        closed.countDown();
        http.shutdownNow();
    }

    private static Status status(JsonNode answer) {
        List<JsonNode> parts = new ArrayList<>();
        parts.add(answer.path("connector"));
        answer.path("tasks").forEach(parts::add);
        for (JsonNode part : parts) {
            if (part.path("state").asText().equals("FAILED")) {
                return new Status(Status.State.FAILED, oneLine(part.path("trace").asText()));
            }
        }
        String state = answer.path("connector").path("state").asText();
        if (state.equals("STOPPED") || state.equals("PAUSED")) {
            return new Status(Status.State.STOPPED, state);
        }
        boolean isRunning =
                parts.size() > 1
                        && parts.stream().allMatch(p -> p.path("state").asText().equals("RUNNING"));
        return isRunning
                ? new Status(Status.State.RUNNING, parts.size() - 1 + " task(s)")
                : new Status(Status.State.STARTING, state);
    }

    HttpResponse<String> send(String method, String path, String body, String what) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + path))
                        .timeout(REQUEST_TIMEOUT)
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        long deadline = time.nanos() + PATIENCE.toNanos();
        while (true) {
            HttpResponse<String> response = sendOnce(request, what);
            // The group of workers is being balanced, or a worker is still starting.
            boolean isPassing = response.statusCode() == CONFLICT || response.statusCode() == 503;
            if (!isPassing || time.nanos() - deadline >= 0) {
                return response;
            }
            pause();
        }
    }

    private HttpResponse<String> sendOnce(HttpRequest request, String what) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.UNAVAILABLE,
                    "cannot "
                            + what
                            + ": Kafka Connect at '"
                            + url
                            + "' cannot be reached ("
                            + reason(e)
                            + "); is it running, and is the address right?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MillraceException(ErrorCode.FAILED, "cannot " + what + ": interrupted", e);
        }
    }

    void pause() {
        try {
            if (closed.await(RETRY_DELAY.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new MillraceException(ErrorCode.FAILED, "the client of Connect was closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MillraceException(ErrorCode.FAILED, "interrupted", e);
        }
    }

    MillraceException refused(String what, HttpResponse<String> response) {
        int status = response.statusCode();
        ErrorCode code =
                switch (status) {
                    case 400, 422 -> ErrorCode.INVALID;
                    case 401, 403 -> ErrorCode.DENIED;
                    case NOT_FOUND -> ErrorCode.NOT_FOUND;
                    case CONFLICT, 503 -> ErrorCode.UNAVAILABLE;
                    default -> ErrorCode.FAILED;
                };
        return new MillraceException(
                code,
                "cannot "
                        + what
                        + ": Kafka Connect at '"
                        + url
                        + "' answered "
                        + status
                        + ": "
                        + message(response));
    }

    JsonNode tree(HttpResponse<String> response, String what) {
        return parse(response.body())
                .orElseThrow(() ->
                        new MillraceException(
                                ErrorCode.UNAVAILABLE,
                                "cannot "
                                        + what
                                        + ": what answers at '"
                                        + url
                                        + "' is not Kafka Connect; check the address"));
    }

    private static String message(HttpResponse<String> response) {
        String text =
                parse(response.body())
                        .map(tree -> tree.path("message").asText())
                        .filter(message -> !message.isEmpty())
                        .orElse("no reason given");
        return oneLine(text);
    }

    static Optional<JsonNode> parse(String body) {
        try {
            return Optional.ofNullable(JSON.readTree(body)).filter(JsonNode::isObject);
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }

    private static String json(Map<String, String> config) {
        try {
            return JSON.writeValueAsString(config);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts can always be written", e);
        }
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : oneLine(message);
    }

    static String oneLine(String text) {
        String line = text.lines().findFirst().orElse("").strip();
        return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE) + "...";
    }

    static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
