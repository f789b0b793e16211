package io.millrace.engine.deploy;

import com.fasterxml.jackson.databind.JsonNode;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.time.TimeSource;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Operates on sources while they run, by Kafka Connect's REST interface. Threading: one thread.
 *
 * <p>What Connect refuses and what cannot be reached are {@link MillraceException}s of one line.
 */
public final class SourceOperations implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int NOT_FOUND = 404;

    private final ConnectClient connect;
    private final TimeSource time;

    /** Makes no call yet. */
    public SourceOperations(String connectUrl, TimeSource time) {
        this.connect = new ConnectClient(connectUrl, time);
        this.time = time;
    }

    /**
     * Has Connect check a source's settings; changes nothing.
     *
     * @throws MillraceException with everything that is wrong, or the source is there already
     */
    public void check(SourceFile source, boolean replace) {
        List<String> errors = connect.validate(source.connectorClass(), source.config());
        if (!errors.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.INVALID,
                    "source '" + source.name() + "': " + String.join("; ", errors));
        }
        if (!replace && find(source.name()).isPresent()) {
            throw new MillraceException(
                    ErrorCode.IN_USE,
                    "source '"
                            + source.name()
                            + "' is there already; add --replace to give it new settings");
        }
    }

    /** Makes a source that was checked, and waits until it runs or fails. */
    public ConnectClient.Status create(SourceFile source) {
        connect.put(source.name(), source.config());
        return connect.awaitStarted(source.name(), PATIENCE);
    }

    /** Every source connector, by name. */
    public List<SourceState> list() {
        String what = "list the sources";
        JsonNode answer = get("/connectors?expand=status&expand=info", what);
        List<SourceState> sources = new ArrayList<>();
        answer.properties()
                .forEach(each -> {
                    JsonNode info = each.getValue().path("info");
                    if (info.path("type").asText().equals("source")) {
                        sources.add(state(each.getKey(), info, each.getValue().path("status")));
                    }
                });
        sources.sort((one, other) -> one.name().compareTo(other.name()));
        return sources;
    }

    /** One source; NOT_FOUND names those that there are. */
    public SourceState state(String name) {
        return find(name)
                .orElseThrow(() ->
                        new MillraceException(
                                ErrorCode.NOT_FOUND,
                                "there is no source '"
                                        + name
                                        + "'; there are: "
                                        + String.join(
                                                ", ",
                                                list().stream().map(SourceState::name).toList())));
    }

    /** Its source offsets, each a line of JSON. */
    public List<String> offsets(String name) {
        String what = "read the offsets of source '" + name + "'";
        List<String> lines = new ArrayList<>();
        get(path(name) + "/offsets", what)
                .path("offsets")
                .forEach(offset -> lines.add(offset.toString()));
        return lines;
    }

    /** Pauses it; it keeps its tasks and its offsets. */
    public SourceState pause(String name) {
        return change(name, "pause", "PAUSED");
    }

    /** Lets it go on after a pause or a stop. */
    public SourceState resume(String name) {
        return change(name, "resume", "RUNNING");
    }

    /** Removes it; Connect keeps its offsets for one of the same name. */
    public void delete(String name) {
        state(name);
        connect.delete(name);
    }

    /**
     * Has it forget what it has done: stops it, deletes its offsets, and lets it go on if it ran.
     * When the offsets cannot be deleted, it goes on all the same.
     */
    public void reset(String name) {
        String before = state(name).state();
        change(name, "stop", "STOPPED");
        try {
            deleteOffsets(name);
        } finally {
            switch (before) {
                case "STOPPED" -> {}
                case "PAUSED" -> change(name, "pause", "PAUSED");
                default -> change(name, "resume", "RUNNING");
            }
        }
    }

    /** A worker that has not noticed yet that the source has stopped refuses for a moment. */
    private void deleteOffsets(String name) {
        String what = "delete the offsets of source '" + name + "'";
        long deadline = time.nanos() + PATIENCE.toNanos();
        HttpResponse<String> response = connect.send("DELETE", path(name) + "/offsets", "", what);
        while (response.statusCode() / 100 != 2) {
            boolean isPassing = response.statusCode() == 400 || response.statusCode() == 500;
            if (!isPassing || time.nanos() - deadline >= 0) {
                throw connect.refused(what, response);
            }
            connect.pause();
            response = connect.send("DELETE", path(name) + "/offsets", "", what);
        }
    }

    @Override
    public void close() {
        connect.close();
    }

    private Optional<SourceState> find(String name) {
        String what = "ask for source '" + name + "'";
        HttpResponse<String> response = connect.send("GET", path(name), "", what);
        if (response.statusCode() == NOT_FOUND) {
            return Optional.empty();
        }
        if (response.statusCode() != 200) {
            throw connect.refused(what, response);
        }
        JsonNode info = connect.tree(response, what);
        // A connector that was just made has no state yet.
        HttpResponse<String> status = connect.send("GET", path(name) + "/status", "", what);
        return Optional.of(state(name, info, connect.tree(status, what)));
    }

    private SourceState change(String name, String verb, String wanted) {
        state(name);
        String what = verb + " source '" + name + "'";
        HttpResponse<String> response = connect.send("PUT", path(name) + "/" + verb, "", what);
        if (response.statusCode() / 100 != 2) {
            throw connect.refused(what, response);
        }
        long deadline = time.nanos() + PATIENCE.toNanos();
        SourceState state = state(name);
        while (!isReached(state, wanted) && time.nanos() - deadline < 0) {
            connect.pause();
            state = state(name);
        }
        return state;
    }

    private static boolean isReached(SourceState state, String wanted) {
        if (state.summary().equals("FAILED")) {
            return true;
        }
        if (wanted.equals("STOPPED")) {
            return state.state().equals(wanted) && state.tasks().isEmpty();
        }
        return state.state().equals(wanted)
                && !state.tasks().isEmpty()
                && state.tasks().stream().allMatch(wanted::equals);
    }

    private JsonNode get(String path, String what) {
        HttpResponse<String> response = connect.send("GET", path, "", what);
        if (response.statusCode() != 200) {
            throw connect.refused(what, response);
        }
        return connect.tree(response, what);
    }

    private static SourceState state(String name, JsonNode info, JsonNode status) {
        JsonNode config = info.path("config");
        List<String> tasks = new ArrayList<>();
        List<String> traces = new ArrayList<>();
        traces.add(status.path("connector").path("trace").asText(""));
        for (JsonNode task : status.path("tasks")) {
            tasks.add(task.path("state").asText());
            traces.add(task.path("trace").asText(""));
        }
        return new SourceState(
                name,
                config.path("connector.class").asText(),
                config.path("topic").asText(""),
                status.path("connector").path("state").asText("UNASSIGNED"),
                tasks,
                traces.stream()
                        .filter(trace -> !trace.isEmpty())
                        .findFirst()
                        .map(ConnectClient::oneLine)
                        .orElse(""));
    }

    private static String path(String name) {
        return "/connectors/" + ConnectClient.encode(name);
    }
}
