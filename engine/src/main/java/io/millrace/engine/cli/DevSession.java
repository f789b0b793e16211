package io.millrace.engine.cli;

import io.millrace.engine.dev.DevDeployment;
import io.millrace.engine.dev.DevEnvironment;
import io.millrace.engine.dev.DevPorts;
import io.millrace.engine.dev.TemporaryData;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * An environment that lives as long as a command: stopped when the command ends, fails or is told
 * to end, and its temporary data with it.
 */
final class DevSession implements AutoCloseable {
    private static final String LOG_FILE = "org.slf4j.simpleLogger.logFile";
    private static final String TO_CONSOLE = "System.err";

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final TemporaryData data;
    private final RunningNode running;

    private DevSession(Optional<Path> named) {
        data = TemporaryData.of(named);
        parts.push(data);
        // Before anything that logs.
        logToFile(data.directory().resolve("logs"));
        running = new RunningNode(this::closeParts);
    }

    /** Takes the data directory; starts nothing yet. */
    static DevSession over(Optional<Path> data) {
        return new DevSession(data);
    }

    /** Starts the environment. A signal that comes meanwhile takes effect afterwards. */
    DevEnvironment start(DevPorts ports, Surroundings surroundings) {
        DevEnvironment environment =
                DevEnvironment.start(
                        data.directory(),
                        ports,
                        config -> surroundings.engine().apply(config),
                        surroundings.time());
        parts.push(environment);
        var _ = environment.failure().thenRun(running::askToEnd);
        return environment;
    }

    static DevDeployment deployment(DevEnvironment environment, Surroundings surroundings) {
        return new DevDeployment(environment, surroundings.packages(), surroundings.time());
    }

    TemporaryData data() {
        return data;
    }

    RunningNode running() {
        return running;
    }

    @Override
    public void close() {
        running.close();
    }

    private void closeParts() throws Exception {
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }

    /** What libraries say would tear the output apart. Works until the first logger is made. */
    private static void logToFile(Path folder) {
        if (!System.getProperty(LOG_FILE, TO_CONSOLE).equals(TO_CONSOLE)) {
            return;
        }
        try {
            Files.createDirectories(folder);
            System.setProperty(LOG_FILE, folder.resolve("millrace.log").toString());
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.DENIED,
                    "folder '" + folder + "' for logs cannot be made: " + e.getMessage(),
                    e);
        }
    }
}
